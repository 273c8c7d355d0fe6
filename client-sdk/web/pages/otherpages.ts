// otherpages -- the pages that nobody needs at once, in one part: each part of its own would weigh more than it saves.
import "./devices.ts";
import "./journal.ts";
import "./people.ts";
