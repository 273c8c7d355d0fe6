// loaded -- what the first load holds in any case and parts that are loaded later need as well. Each of those names this file, so
// that the bundle is cut once between them and it: in many small pieces it would weigh more.
import "lit/directives/live.js";
import "lit/directives/repeat.js";
import "../link/client.ts";
import "../protocol/error.ts";
import "./alarm.ts";
import "./base.ts";
import "./fileentry.ts";
import "./filesave.ts";
import "./leave.ts";
import "./line.ts";
import "./login.ts";
import "./parts.ts";
import "./prose.ts";
import "./reads.ts";
import "./route.ts";
import "./unsent.ts";
import "./watch.ts";
