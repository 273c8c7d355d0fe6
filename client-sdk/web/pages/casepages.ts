// casepages -- what is loaded behind the first page: the case, the journal, who has read, who is in it, devices, how one logs in again, what rings, what could not be sent, and what stands behind an entry.
import "./loaded.ts";
import "./aboutentry.ts";
import "./case.ts";
import "./casenow.ts";
import "./devices.ts";
import "./journal.ts";
import "./loginagain.ts";
import "./people.ts";
import "./readers.ts";
import "./ringing.ts";
import "./unsaid.ts";
