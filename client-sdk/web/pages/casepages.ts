// casepages -- what is loaded behind the first page: the case, the journal, who has read, and what stands behind an entry.
import "./loaded.ts";
import "./aboutentry.ts";
import "./case.ts";
import "./journal.ts";
import "./readers.ts";
