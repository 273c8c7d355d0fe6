// staff -- the caseworker's page.
import "./begin.ts";
import "./caserooms.ts";
import "./casework.ts";
import "./due.ts";
import { begin } from "./entry.ts";
import "./queue.ts";
import "./release.ts";
import "./roomtabs.ts";
import "./staffbar.ts";

await begin("staff", new URL(".", import.meta.url));
