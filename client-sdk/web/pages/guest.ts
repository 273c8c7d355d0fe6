// guest -- the page of somebody who was given a link to one call: an interpreter, a support person.
import { begin } from "./entry.ts";
import "./loginagain.ts";

await begin("guest", new URL(".", import.meta.url));
