// choose -- the page on which somebody chooses a board: static pages, one in each language, with a link for each board. They work without
// a script, so that an old telephone shows them; pages/choosing.ts is for leaving. Nothing of the choice is kept or told to anybody.
// site.mjs makes a site of it.
import { wordsIsolated } from "./pages/words/isolate.ts";
import { LANGUAGE_NAMES, languageRow } from "./pages/words/languages.ts";

/** "Which municipality is it about?" Nobody whose language it is has read those but the Swedish and the English one. */
const QUESTIONS = {
  sv: "Vilken kommun gäller det?",
  easy: "Vilken kommun vill du prata med?",
  en: "Which municipality is it about?",
  fi: "Mitä kuntaa asia koskee?",
  uk: "Якої громади це стосується?",
  so: "Degmadee ayay arrintu khuseysaa?",
  ti: "ኣየናይ ምምሕዳር ከተማ ይምልከት?",
  ar: "ما البلدية المعنية؟",
  fa: "موضوع مربوط به کدام شهرداری است؟",
};

/** What a page's own language is written beside, for who does not read it. */
const FIRST = "sv";

export function escapeHtml(text) {
  const names = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "#39" };
  return text.replace(/[&<>"']/g, (sign) => `&${names[sign]};`);
}

function fileOf(language) {
  return language === FIRST ? "index.html" : `${language}.html`;
}

function attributesOf(language) {
  const { tag, direction } = languageRow(language);
  return `lang="${tag}" dir="${direction}"`;
}

/** Swedish, chosen by hand, stays. */
function languageHref(language) {
  return language === FIRST ? "./#sv" : `./${fileOf(language)}`;
}

/** `data-serves`: languages of a browser whose reader this one serves best; the easy one is for who chooses it. */
function languageLink(language, current) {
  const { name, alsoFor = [] } = languageRow(language);
  const serves = language === "easy" ? "" : ` data-serves="${[language, ...alsoFor].join(" ")}"`;
  return `<li><a class="button wide" ${attributesOf(language)}${serves}${language === current ? ' aria-current="page"' : ""} href="${languageHref(language)}">${name}</a></li>`;
}

function languageChoice(current, words) {
  const title = current === "en" ? words.languageChoose : `${words.languageChoose} · <span lang="en" dir="ltr">Language</span>`;
  return `<details><summary><span>${title}</span></summary><ul class="cards">
${LANGUAGE_NAMES.map((language) => languageLink(language, current)).join("\n")}
</ul></details>`;
}

/** The board's pages go on in the language of this one (pages/route.ts takes that out of the address again). */
function row({ name, telephone, url }, words, language) {
  const number = telephone.replace(/[^0-9+]/g, "");
  // On one line, as the pages themselves have it.
  const shown = telephone.replace(/ /g, "\u00a0").replace(/-/g, "-\u2060");
  const call = number === "" ? "" : `\n<a class="call" href="tel:${number}">${escapeHtml(words.callUs(shown))}</a>`;
  return `<li class="card"><a class="button primary wide" lang="sv" dir="ltr" href="${escapeHtml(url)}#/sprak/${language}" rel="noreferrer">${escapeHtml(name)}</a>${call}</li>`;
}

function page(language, words, review, boards, { style, script, leave }) {
  const others = language === FIRST ? LANGUAGE_NAMES.filter((other) => other !== language && other !== "easy") : [];
  const questions = others.map((other) => `<p ${attributesOf(other)}>${QUESTIONS[other]}</p>`);
  return `<!doctype html>
<html ${attributesOf(language)}${language === FIRST ? " data-first" : ""}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(words.neutralTitle)}</title>
<link rel="icon" href="./icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="./${style}">
<script src="./${script}" defer></script>
</head>
<body>
<nav aria-label="${escapeHtml(words.leave)}"><a class="leave button" href="${escapeHtml(leave)}" rel="noreferrer" title="${escapeHtml(words.leaveHint)}">${escapeHtml(words.leave)}</a></nav>
<main class="column">
${languageChoice(language, words)}
${review === "unreviewed" ? `<p class="small">${escapeHtml(words.unreviewed)} <a lang="sv" dir="ltr" href="${languageHref("sv")}">Svenska</a> <a lang="en" dir="ltr" href="${languageHref("en")}">English</a></p>` : ""}
<div><h1>${QUESTIONS[language]}</h1>${questions.join("\n")}</div>
<ul class="cards">
${boards.map((board) => row(board, words, language)).join("\n")}
</ul>
<p>${escapeHtml(words.acute)}${language === FIRST ? ' <span lang="en">In an emergency, call 112.</span>' : ""}</p>
</main>
</body>
</html>
`;
}

/**
 * The pages, as HTML, by the name of their file. `boards`: name and telephone as board.json has them, and the address of the board's own
 * pages. `style`, `script`: the files' names. `leave`: where "Lämna sidan" leads.
 */
export async function choosePages(boards, site) {
  return Promise.all(LANGUAGE_NAMES.map(async (language) => {
    const { direction, load } = languageRow(language);
    const { words, review } = await load();
    return { path: fileOf(language), html: page(language, wordsIsolated(words, direction), review, boards, site) };
  }));
}
