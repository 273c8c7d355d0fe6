// choose -- the page on which somebody chooses a board: one static page with a link for each, without a script, so that an old
// telephone shows it and nothing of the choice is kept or told to anybody. site.mjs makes a site of it.

/**
 * "Which municipality is it about?", for those who do not read Swedish. Nobody whose language it is has read those but the English one.
 * @type {readonly [tag: string, direction: "ltr" | "rtl", words: string][]}
 */
const QUESTIONS = [
  ["en", "ltr", "Which municipality is it about?"],
  ["fi", "ltr", "Mitä kuntaa asia koskee?"],
  ["uk", "ltr", "Якої громади це стосується?"],
  ["so", "ltr", "Degmadee ayay arrintu khuseysaa?"],
  ["ti", "ltr", "ኣየናይ ምምሕዳር ከተማ ይምልከት?"],
  ["ar", "rtl", "ما البلدية المعنية؟"],
  ["fa", "rtl", "موضوع مربوط به کدام شهرداری است؟"],
];

export function escapeHtml(text) {
  const names = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "#39" };
  return text.replace(/[&<>"']/g, (sign) => `&${names[sign]};`);
}

function row({ name, telephone, url }) {
  const number = telephone.replace(/[^0-9+]/g, "");
  const call = number === "" ? "" : `\n<a class="call" href="tel:${number}">Ring ${escapeHtml(telephone)}</a>`;
  return `<li class="card"><a class="button primary wide" href="${escapeHtml(url)}" rel="noreferrer">${escapeHtml(name)}</a>${call}</li>`;
}

/**
 * The page, as HTML. `boards`: name and telephone as board.json has them, and the address of the board's own pages. `style`: the
 * style sheet's name. `leave`: where "Lämna sidan" leads.
 */
export function choosePage(boards, { style, leave }) {
  const questions = QUESTIONS.map(([tag, direction, words]) => `<p lang="${tag}" dir="${direction}">${words}</p>`);
  return `<!doctype html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Mina sidor</title>
<link rel="icon" href="./icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="./${style}">
</head>
<body>
<nav aria-label="Ut"><a class="leave button" href="${escapeHtml(leave)}" rel="noreferrer">Lämna sidan</a></nav>
<main class="column">
<div><h1>Vilken kommun gäller det?</h1>${questions.join("\n")}</div>
<ul class="cards">
${boards.map(row).join("\n")}
</ul>
<p>Är det akut? Ring 112. <span lang="en">In an emergency, call 112.</span></p>
</main>
</body>
</html>
`;
}
