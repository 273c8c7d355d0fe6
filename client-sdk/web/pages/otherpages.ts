// otherpages -- the pages that nobody needs at once, and what an entry opens to, in one part: each part of its own would weigh
// more than it saves.
import "./aboutentry.ts";
import "./devices.ts";
import "./journal.ts";
import "./people.ts";
