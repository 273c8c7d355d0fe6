// callentry -- the entry that a call leaves in the journal: who, in which role, at which level, when and how long. No word of
// what was said.
import { bytesHex, bytesJoin, layoutEncode } from "../protocol/layout.ts";
import { layoutBodyCall, layoutParticipant } from "../protocol/layouts.ts";
import { KINDS, LIMITS } from "../protocol/tables.ts";
import type { Call } from "./call.ts";
import type { Enrum } from "./enrum.ts";
import type { Saying } from "./outbox.ts";

const NO_BYTES = new Uint8Array(0);

/** Of a call that is over now. */
export function callsEntry(enrum: Enrum, call: Call): Saying {
  const { me, clock, roleNumber } = enrum;
  const others = [...call.attended.values()].map(({ certificate: { body }, isInterpreter, name }) => ({
    person: body.person, name, role: body.role, level: body.level, interpreter: isInterpreter ? 1 : 0,
  }));
  const own = me === undefined ? [] : [{
    person: me.certificate.body.person, name: enrum.profiles.get(bytesHex(me.certificate.body.person))?.name ?? me.name, role: roleNumber, level: me.certificate.body.level,
    interpreter: call.interprets(me.certificate.body.person, call.presence) ? 1 : 0,
  }];
  const participants = bytesJoin([...own, ...others].map((one) => layoutEncode(layoutParticipant, one)));
  const ended = clock.wallMs();
  const body = layoutEncode(layoutBodyCall, { call: call.id, began: Math.min(call.state?.began ?? ended, ended), ended, participants }, LIMITS.CONTENT_BYTES_MAX);
  return {
    class: "RECORD", open: { cause: NO_BYTES, blobs: NO_BYTES },
    content: { kind: KINDS.CALL.number, role: roleNumber, rule_version: 1, event_time: call.state?.began ?? 0, language: "", body },
  };
}
