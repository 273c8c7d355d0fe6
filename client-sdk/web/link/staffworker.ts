// staffworker -- the entry of a caseworker's worker.
import { staffParts } from "../sdk/staffparts.ts";
import { tabWorker } from "./tabworker.ts";

await tabWorker(staffParts);
