// plural -- the form of a counted word, by the rules that Intl has for the language.

type Forms = Partial<Record<Exclude<Intl.LDMLPluralRule, "other">, string>> & { other: string };

/** `plural("uk")(5, { one, few, many, other })` is the form that stands with 5. */
export function plural(tag: string): (n: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(tag);
  return (n, forms) => forms[rules.select(n)] ?? forms.other;
}
