// staffparts -- what only a caseworker's worker has: a citizen's first load has no use for it.
import { dutiesOf } from "./duties.ts";
import { templatesChange, templatesRead } from "./templates.ts";

export const staffParts = { dutiesOf, templatesChange, templatesRead };
export type StaffParts = typeof staffParts;
