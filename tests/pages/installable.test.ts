// The citizen's pages of each board can be put on a screen as an app, as Chromium sees it, and nobody who sees its name or icon
// there learns what it is, or of which board.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import boards from "../../demo/boards.json" with { type: "json" };
import { Stage } from "./stage.ts";

const NAME = "Mina sidor";

interface Manifest {
  name: string;
  short_name: string;
  icons: { src: string; sizes: string }[];
}

let stage: Stage;

before(async () => {
  stage = await Stage.set({ boards: boards.map(({ id }) => id) });
});

after(() => stage?.strike());

/** What stands in the way of installing the page, and the manifest that it is installed with. */
async function asApp(page: Page): Promise<{ errors: string[]; text: string | undefined; wrong: string[] }> {
  const session = await page.context().newCDPSession(page);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  const { data, errors } = await session.send("Page.getAppManifest");
  await session.detach();
  return { errors: installabilityErrors.map(({ errorId }) => errorId), text: data, wrong: errors.map(({ message }) => message) };
}

/** The bytes of an icon, and the sides of the picture that a browser makes of them. */
function iconOf(page: Page, src: string): Promise<{ bytes: string; width: number; height: number }> {
  return page.evaluate(async (url) => {
    const blob = await (await fetch(url)).blob();
    const { naturalWidth: width, naturalHeight: height } = await new Promise<HTMLImageElement>((resolve, reject) => {
      const image = Object.assign(new Image(), { onload: () => resolve(image), onerror: reject, src: url });
    });
    return { bytes: [...new Uint8Array(await blob.arrayBuffer())].join(" "), width, height };
  }, new URL(src, page.url()).href);
}

test("each board's can be installed, and name and icons are the same for all", async () => {
  const seen = new Set<string>();
  for (const { id, name } of boards) {
    const page = await stage.phone.tab(stage.installation.pagesUrl(id, "citizen"));
    await page.getByText(name).first().waitFor();
    const { errors, text = "", wrong } = await asApp(page);
    assert.deepEqual([errors, wrong], [[], []], id);
    const manifest = JSON.parse(text) as Manifest;
    assert.deepEqual([manifest.name, manifest.short_name, await page.title()], [NAME, NAME, NAME], id);
    const icons = await Promise.all(manifest.icons.map(({ src }) => iconOf(page, src)));
    for (const [at, { sizes }] of manifest.icons.entries()) {
      const { width, height } = icons[at]!;
      assert.ok(sizes === "any" ? width > 0 && width === height : sizes === `${width}x${height}`, `${id}: ${sizes} is ${width} x ${height}`);
    }
    // Neither is the board's name in it, nor its colour: the whole is the same.
    seen.add(JSON.stringify([text, icons]));
    await page.close();
  }
  assert.equal(seen.size, 1);
});

test("the browser would say so if a page could not be installed: the caseworkers' has nothing to install", async () => {
  const page = await stage.staff();
  await page.getByText("Socialnämnden i Bjuv").first().waitFor();
  const { errors, text } = await asApp(page);
  assert.notDeepEqual(errors, []);
  assert.ok(text === undefined || text === "");
});

test("no page has complained", () => assert.deepEqual([...stage.phone.complaints, ...stage.desk.complaints], []));
