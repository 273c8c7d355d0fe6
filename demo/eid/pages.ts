// pages -- the demonstration e-ID's own pages. Plain HTML, no script, nothing fetched from elsewhere.
import { organisations, personas, type Persona } from "./personas.ts";

const MARK = "Demonstration, påhittade personer";

const STYLE = `
:root { color-scheme: light dark; font: 1.05rem/1.5 system-ui, sans-serif; }
body { max-width: 42rem; margin: 0 auto; padding: 1rem; }
.mark { margin: 0; padding: .6rem 1rem; background: #7a4b00; color: #fff; font-weight: 600; }
[role=alert] { padding: .6rem 1rem; border: .2rem solid #b00020; }
button, input { font: inherit; padding: .6rem .8rem; min-height: 2.75rem; }
ul { list-style: none; padding: 0; display: grid; gap: .5rem; }
li button { width: 100%; text-align: left; }
small { display: block; }
:focus-visible { outline: .2rem solid; outline-offset: .15rem; }
`;

export function escapeHtml(text: string): string {
  const names: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "#39" };
  return text.replace(/[&<>"']/g, (sign) => `&${names[sign]};`);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – ${MARK}</title>
<style>${STYLE}</style>
</head>
<body>
<header><p class="mark">${MARK}</p></header>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

function describe(persona: Persona): string {
  const level = persona.acr.split("/").at(-1) ?? "";
  const who = persona.board
    ? `${persona.title}, ${organisations[persona.board]?.name}`
    : `född ${persona.birthdate}`;
  return `${who} · ${persona.id} · ${level}`;
}

function button(persona: Persona): string {
  return `<li><button type="submit" name="login" value="${escapeHtml(persona.id)}">${escapeHtml(
    persona.name,
  )}<small>${escapeHtml(describe(persona))}</small></button></li>`;
}

export interface LoginPage {
  action: string;
  abort: string;
  client: string;
  /** The name that was typed and belongs to nobody. */
  unknown?: string;
}

export function loginPage({ action, abort, client, unknown }: LoginPage): string {
  const alert =
    unknown === undefined
      ? ""
      : `<p role="alert">Det finns ingen påhittad person med inloggningsnamnet «${escapeHtml(
          unknown,
        )}». Välj en person nedan.</p>`;
  const list = (heading: string, chosen: Persona[]) =>
    `<h2>${heading}</h2>\n<ul>\n${chosen.map(button).join("\n")}\n</ul>`;
  return page(
    "Vem vill du vara?",
    `${alert}
<p>Tjänsten <strong>${escapeHtml(client)}</strong> ber dig att legitimera dig.</p>
<form method="post" action="${escapeHtml(action)}">
<label for="login">Inloggningsnamn</label><br>
<input id="login" name="login" type="text" autocomplete="off" autocapitalize="none" spellcheck="false" required>
<button type="submit">Legitimera</button>
</form>
<form method="post" action="${escapeHtml(action)}">
${list("Enskilda", personas.filter((p) => !p.board))}
${list("Medarbetare", personas.filter((p) => p.board))}
</form>
${abortForm(abort)}`,
  );
}

export interface ConfirmPage {
  action: string;
  abort: string;
  client: string;
  persona: Persona;
}

export function confirmPage({ action, abort, client, persona }: ConfirmPage): string {
  return page(
    "Bekräfta",
    `<p>Du legitimerar dig som <strong>${escapeHtml(persona.name)}</strong>
(${escapeHtml(describe(persona))}) hos <strong>${escapeHtml(client)}</strong>.</p>
<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="confirm" value="yes">
<button type="submit">Jag bekräftar</button>
</form>
${abortForm(abort)}`,
  );
}

function abortForm(action: string): string {
  return `<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="abort" value="yes">
<button type="submit">Avbryt</button>
</form>`;
}

export function errorPage(title: string, detail: string): string {
  return page(title, `<p role="alert">${escapeHtml(detail)}</p>`);
}
