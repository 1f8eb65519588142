/** Code that runs in a blank page, with the tools of `engine-page.js`. */

/**
 * Runs `body` in a page.
 * @param {import('puppeteer-core').Page} page
 * @param {(tools: any, given: any) => unknown} body  gets the exports of `engine-page.js` and `given`
 * @param {object} [given]  plain data
 */
export const pageOf = (page, body, given = {}) =>
  page.evaluate(
    async (code, value) => {
      const tools = await import(/** @type {string} */ ('/tests/browser/engine-page.js'));
      return new Function(`return (${code})`)()(tools, value);
    },
    body.toString(),
    given,
  );
