// personas -- the made-up people of the demonstration e-ID, and what its ID tokens say of them.
import { readFileSync } from "node:fs";

export interface Persona {
  /** Short login name, and the ID token's `sub`. */
  id: string;
  name: string;
  given_name: string;
  family_name: string;
  /** Twelve digits, from the Swedish Tax Agency's list of test numbers. */
  personalIdentityNumber: string;
  birthdate: string;
  /** Level of assurance, a URI of Sweden Connect's registry. */
  acr: string;
  /** Staff only: the board that employs them. */
  board?: string;
  title?: string;
}

export interface PersonaFile {
  about: string;
  /** The day for which "fifteen" and "eighty" are reckoned; both hold for eleven months after it. */
  reference_date: string;
  organisations: Record<string, { name: string; orgNumber: string }>;
  personas: Persona[];
}

const file = JSON.parse(
  readFileSync(new URL("personas.json", import.meta.url), "utf8"),
) as PersonaFile;

export const { reference_date: referenceDate, organisations, personas } = file;

/** The namespace of the Swedish OpenID Connect profile. */
const CLAIM = "https://id.oidc.se/claim/";

export const CLAIM_NAMES = [
  ...["sub", "acr", "auth_time", "name", "given_name", "family_name", "birthdate"],
  ...["personalIdentityNumber", "orgAffiliation", "orgNumber", "orgName"].map((c) => CLAIM + c),
];

export function findPersona(id: string): Persona | undefined {
  return personas.find((persona) => persona.id === id);
}

/** Whole years on that day. Both dates are YYYY-MM-DD. */
export function ageOn(birthdate: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthdate.slice(0, 4));
  return day.slice(5) < birthdate.slice(5) ? years - 1 : years;
}

/** A citizen has a personal identity number in the token, an employee an identity at the organisation instead. */
export function claimsOf(persona: Persona): Record<string, unknown> {
  const { id: sub, name, given_name, family_name, birthdate } = persona;
  const plain = { sub, name, given_name, family_name, birthdate };
  const employer = persona.board ? organisations[persona.board] : undefined;
  if (!employer) {
    return { ...plain, [`${CLAIM}personalIdentityNumber`]: persona.personalIdentityNumber };
  }
  return {
    ...plain,
    [`${CLAIM}orgAffiliation`]: `${persona.id}@${employer.orgNumber}`,
    [`${CLAIM}orgNumber`]: employer.orgNumber,
    [`${CLAIM}orgName`]: employer.name,
  };
}
