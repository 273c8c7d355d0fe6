// staffparts -- what only a caseworker's worker has: a citizen's first load has no use for it.
import { dutiesOf } from "./duties.ts";
import { markOpened } from "./opened.ts";
import * as staffCase from "./staffcase.ts";
import { templatesRead, templatesWrite } from "./templates.ts";

export const staffParts = { ...staffCase, dutiesOf, markOpened, templatesRead, templatesWrite };
export type StaffParts = typeof staffParts;
