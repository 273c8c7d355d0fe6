// staffrooms -- what a host that has all of the host's own keys may try with a case's room for its employees, alone or with an
// employee who cheats. One row each; docs/SECURITY.md shows the same rows.
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import type { WireStored } from "../../client-sdk/web/protocol/layouts.ts";
import { GROUNDS, MEMBER_OPERATIONS, ROLES, SUBJECT_TYPES, type ErrorName } from "../../client-sdk/web/protocol/tables.ts";
import type { Seat } from "../sdk/seat.ts";
import { authorOf, contentOf, forged, strangerOf, type Author, type Words } from "./forger.ts";
import type { Lie, Liar } from "./liar.ts";

const NO_BYTES: Bytes = new Uint8Array(0);

/** The case's room, and who is about it. */
export interface Case {
  liar: Liar;
  room: string;
  /** Another case's room of the same employee, of which the liar knows the log. */
  otherRoom: string;
  /** A conversation that neither room names. */
  conversation: string;
  /** Numbers in the room's log, and in the other one's, of the entry with which the keeper names a conversation. */
  naming: number;
  otherNaming: number;
  /** Entries of the room when somebody was still in it who went. */
  withFormer: number;
  worker: Seat;
  /** An employee who is in none of the case's conversations. */
  outsider: Seat;
  /** Who went: as they were. */
  former: Author;
}

export interface StaffRoomAttack {
  /** What the host does: "The host ..." */
  name: string;
  lie: (on: Case) => Lie;
  /** One of these must be told. A device that has read what is changed may also tell FORK or ROLLBACK. */
  noticed: readonly ErrorName[];
}

const FORGERY: readonly ErrorName[] = ["ENTRY_FORGED", "CHAIN_BROKEN", "FORK", "CHECKPOINT_WRONG"];

type Making = (on: Case, author: Author) => Words;

/** That the case has a conversation which nobody has added. */
const naming: Making = ({ conversation, outsider }, { role }) => ({
  class: "RECORD", open: { cause: NO_BYTES, blobs: NO_BYTES },
  content: contentOf("CASE_ROOM", role, { room: bytesOfHex(conversation), person: outsider.engine.enrum.certified.certificate.body.person }),
});

const newcomer: Making = ({ outsider }, { role }) => ({
  class: "MEMBER", content: contentOf("CHANGE", role, { ground: GROUNDS.REQUEST, text: "" }),
  open: {
    cause: NO_BYTES, operation: MEMBER_OPERATIONS.ADD, subject_type: SUBJECT_TYPES.PERSON, role: ROLES.STAFF, ground: 0,
    subject: outsider.engine.enrum.certified.certificate.body.person,
  },
});

/** One entry more behind the log. */
function added(author: (on: Case) => Author | Promise<Author>, words: Making): (on: Case) => Lie {
  return (on) => {
    let chain = NO_BYTES;
    return {
      isCut: true,
      certificates: () => chain,
      log: async (log) => {
        const signer = await author(on);
        chain = signer.chain;
        return forged(log, signer, words(on, signer), on.worker, bytesOfHex(on.room));
      },
    };
  };
}

const madeKeeper = ({ worker }: Case) => strangerOf(worker, "KEEPER");

export const STAFF_ROOM_ATTACKS: readonly StaffRoomAttack[] = [
  { name: "hides that the case has a conversation", lie: ({ naming: seq }) => ({ log: (log) => log.toSpliced(seq - 1, 1) }), noticed: FORGERY },
  {
    name: "shows that the case has a conversation of another case's", noticed: FORGERY,
    lie: ({ liar, otherRoom, otherNaming }) => ({
      isCut: true, log: (log) => [...log, liar.truth(bytesOfHex(otherRoom))[otherNaming - 1] as WireStored],
    }),
  },
  { name: "goes back to when somebody was still in the room who went", lie: ({ withFormer }) => ({ isCut: true, log: (log) => log.slice(0, withFormer) }), noticed: ["ROLLBACK"] },
  { name: "puts an employee into the room who is in none of its conversations, signed by a keeper whom it has certified itself", lie: added(madeKeeper, newcomer), noticed: ["ENTRY_FORGED"] },
  { name: "names a conversation of the case, signed by a keeper whom it has certified itself", lie: added(madeKeeper, naming), noticed: ["ENTRY_FORGED"] },
  { name: "lets an employee put another one into the room", lie: added(({ worker }) => authorOf(worker), newcomer), noticed: ["ENTRY_FORGED"] },
  { name: "lets an employee who is not in the room name a conversation of the case", lie: added(({ outsider }) => authorOf(outsider), naming), noticed: ["ENTRY_FORGED"] },
  { name: "lets an employee who went name a conversation of the case", lie: added(({ former }) => former, naming), noticed: ["ENTRY_FORGED"] },
];
