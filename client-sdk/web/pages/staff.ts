// staff -- the caseworker's page.
import "./casework.ts";
import { begin } from "./entry.ts";

await begin("staff", new URL(".", import.meta.url));
