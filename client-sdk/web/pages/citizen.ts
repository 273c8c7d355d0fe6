// citizen -- the citizen's page.
import { begin } from "./entry.ts";

await begin("citizen", new URL(".", import.meta.url));
