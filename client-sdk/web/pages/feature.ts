// feature -- can this browser keep a secret? Each need is tried, not guessed from the browser's name.

/** What is missing is named as a developer or a helpful friend would look it up. */
const FEATURES: { name: string; has: () => Promise<boolean> | boolean }[] = [
  { name: "HTTPS", has: () => isSecureContext },
  { name: "Ed25519", has: () => hasKey("Ed25519", ["sign", "verify"]) },
  { name: "X25519", has: () => hasKey("X25519", ["deriveBits"]) },
  { name: "AES-GCM", has: () => hasKey({ name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]) },
  { name: "IndexedDB", has: () => hasDatabase() },
  { name: "sessionStorage", has: () => sessionStorage.length >= 0 },
  { name: "Web Locks", has: () => "locks" in navigator },
  { name: "BroadcastChannel", has: () => "BroadcastChannel" in globalThis },
  { name: "Worker", has: () => "Worker" in globalThis },
  { name: "WebSocket", has: () => "WebSocket" in globalThis },
  // What the newest parts of the language are used for here, so that nothing breaks in the middle.
  { name: "Promise.withResolvers", has: () => "withResolvers" in Promise && "groupBy" in Map },
];

async function hasKey(algorithm: AlgorithmIdentifier | AesKeyGenParams, usages: KeyUsage[]): Promise<boolean> {
  await crypto.subtle.generateKey(algorithm, false, usages);
  return true;
}

/** Opened for real: some browsers have it and refuse it in private windows. */
function hasDatabase(): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = indexedDB.open("enrum feature");
    asked.onerror = () => resolve(false);
    asked.onsuccess = () => {
      asked.result.close();
      indexedDB.deleteDatabase("enrum feature");
      resolve(true);
    };
  });
}

/** Names of what this browser lacks. */
export async function featuresMissing(): Promise<string[]> {
  const missing: string[] = [];
  for (const { name, has } of FEATURES) {
    try {
      if (!await has()) missing.push(name);
    } catch {
      missing.push(name);
    }
  }
  return missing;
}
