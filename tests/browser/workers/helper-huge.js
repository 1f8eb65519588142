/** A helper whose memory says that it holds a billion bytes. */
import { assist } from '/engine/assist.js';
import { loadEngine } from '/engine/loader.js';

assist(async () => ({ ...(await loadEngine()), memory: /** @type {any} */ ({ buffer: { byteLength: 1e9 } }) }));
