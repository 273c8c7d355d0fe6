// staffparts -- what only a caseworker's worker has: a citizen's first load has no use for it.
import { dutiesOf } from "./duties.ts";
import * as staffCase from "./staffcase.ts";
import { templatesRead, templatesWrite } from "./templates.ts";

export const staffParts = { ...staffCase, dutiesOf, templatesRead, templatesWrite };
export type StaffParts = typeof staffParts;
