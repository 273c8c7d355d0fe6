// headers -- what a board's web server says beside each file of its pages: the one table that every server is fed from.
// Not a server, and not the site: site.mjs writes these into the site's headers.json and headers.txt.

const TYPES = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  map: "application/json",
  webmanifest: "application/manifest+json",
  txt: "text/plain; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  woff2: "font/woff2",
};

// What the pages never ask for. Whoever gets a script of their own into them may not ask for it either.
const FEATURES_OFF = [
  ...["accelerometer", "encrypted-media", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection"],
  ...["magnetometer", "midi", "payment", "picture-in-picture", "publickey-credentials-get", "serial", "usb"],
  "xr-spatial-tracking",
];
// Of a call; no frame of another site within the pages gets them.
const FEATURES_OWN = ["autoplay", "camera", "display-capture", "microphone", "screen-wake-lock", "speaker-selection"];

/** How a name ends, before what kind of file it is, that will never stand for other bytes: esbuild's hash, or one in hexadecimal. build.mjs tells it the service worker. */
export const HASH = "-(?:[A-Z0-9]{8}|[0-9a-f]{8,64})";
export const HASHED = new RegExp(`${HASH}\\.[a-z0-9]+$`);

function contentSecurityPolicy(hostOrigin, framers) {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ${hostOrigin}`,
    "img-src 'self' blob:",
    "media-src blob:",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framers.length === 0 ? "'none'" : framers.join(" ")}`,
    "require-trusted-types-for 'script'",
    "trusted-types lit-html enrum",
  ].join("; ");
}

const FEATURES_NONE = [...FEATURES_OFF, ...FEATURES_OWN].map((feature) => `${feature}=()`).join(", ");

/** Those of a site that asks for nothing but its own style, icon and script, and whose script makes nothing of text. */
export function stillHeaders(isSecure) {
  return {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": FEATURES_NONE,
    ...(isSecure ? { "Strict-Transport-Security": "max-age=31536000" } : {}),
  };
}

/** The headers that all files of a site share; `hostUrl` is board.json's host.url. `framers`: origins that may embed a page, nobody unless told. */
export function pageHeaders(hostUrl, framers = []) {
  const host = URL.parse(hostUrl);
  if (host?.protocol !== "wss:" && host?.protocol !== "ws:") throw new Error(`${hostUrl} is no WebSocket address`);
  return {
    "Content-Security-Policy": contentSecurityPolicy(host.origin, framers),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": [...FEATURES_OFF.map((feature) => `${feature}=()`), ...FEATURES_OWN.map((feature) => `${feature}=(self)`)].join(", "),
    // A host on wss has its pages on https; a trial on loopback has neither.
    ...(host.protocol === "wss:" ? { "Strict-Transport-Security": "max-age=31536000" } : {}),
  };
}

/** The headers that depend on the file's name. */
export function fileHeaders(path) {
  const type = TYPES[path.slice(path.lastIndexOf(".") + 1)];
  if (type === undefined) throw new Error(`${path}: no content type is known for this name`);
  return {
    "Content-Type": type,
    "Cache-Control": HASHED.test(path) ? "public, max-age=31536000, immutable" : "no-cache",
  };
}

/** Text shrinks when it is compressed; pictures and fonts are compressed already. */
export function isText(path) {
  return !/\.(png|woff2)$/.test(path);
}
