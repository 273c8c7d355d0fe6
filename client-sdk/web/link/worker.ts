// worker -- the entry of a citizen's and a guest's worker.
import { tabWorker } from "./tabworker.ts";

await tabWorker();
