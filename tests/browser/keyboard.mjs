// A screen without a mouse: everything that can be operated takes the focus, in the order of the page, visibly, and nothing holds it. Keys are pressed, not simulated; what took the focus is noted by the page itself.
import assert from 'node:assert/strict';

const kBatch = 12; // presses between two looks
const kMostPresses = 600;

// Runs in the page. Elements are kept there: only their names come back.
function install() {
  const name = (element) =>
    `${element.tagName.toLowerCase()} ${(element.getAttribute('aria-label') || element.textContent || element.getAttribute('name') || element.id || '').trim().replace(/\s+/g, ' ').slice(0, 60)}`;
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0 && !element.closest('[inert]');
  // Of radio buttons Tab stops at the one that is chosen, or at the first.
  const stops = (element, all) => {
    if (element.type !== 'radio') return true;
    const group = all.filter((other) => other.type === 'radio' && other.name === element.name && other.form === element.form);
    return group.some((other) => other.checked) ? element.checked : group[0] === element;
  };
  const operable = (root) => {
    const all = [...root.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(
      (element) => !element.disabled && element.tabIndex >= 0 && element.type !== 'hidden' && shown(element),
    );
    return all.filter((element) => stops(element, all));
  };
  // Its own mark, or that of the frame which it fills and which is marked while it has the focus.
  const marked = (element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  };
  const visible = (element) => {
    const frames = [element.parentElement, element.parentElement?.parentElement].filter((frame) => frame?.querySelectorAll('textarea, input').length === 1);
    const frame = element.getBoundingClientRect();
    const inside = frame.bottom > 0 && frame.right > 0 && frame.top < innerHeight && frame.left < innerWidth;
    return inside && element.matches(':focus-visible') && [element, ...frames].some(marked);
  };
  const walk = { root: null, seen: [], unseen: [], left: false };
  document.addEventListener('focusin', ({ target }) => {
    if (!walk.root || walk.left) return;
    if (!walk.root.contains(target) || target === walk.root) {
      walk.left = walk.seen.length > 0 || target !== walk.root;
      return;
    }
    if (walk.seen.at(-1) === target) return;
    walk.seen.push(target);
    if (!visible(target)) walk.unseen.push(name(target));
  });
  // Out of the page: to the browser's own controls, from where Tab would begin anew.
  document.addEventListener('focusout', ({ relatedTarget }) => {
    if (walk.root && relatedTarget === null && walk.seen.length > 0) walk.left = true;
  });
  window.keyboardWalk = {
    begin(selector) {
      Object.assign(walk, { root: document.querySelector(selector), seen: [], unseen: [], left: false });
      return operable(walk.root).length;
    },
    left: () => walk.left || document.activeElement === document.body,
    end() {
      const all = operable(walk.root);
      const disorder = walk.seen.filter((element, n) => n > 0 && !(walk.seen[n - 1].compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING));
      const found = {
        missed: all.filter((element) => !walk.seen.includes(element)).map(name),
        disorder: disorder.map(name),
        unseen: walk.unseen,
        jumps: all.filter((element) => element.tabIndex > 0).map(name),
      };
      walk.root = null;
      return found;
    },
  };
}

// Through the whole of `root`, from its beginning until the focus leaves it.
async function walk(page, root, where) {
  const count = await page.evaluate((selector) => window.keyboardWalk.begin(selector), root);
  let left = false;
  for (let n = 0; n < kMostPresses && !left; n += kBatch) {
    for (let press = 0; press < kBatch; press++) await page.keyboard.press('Tab');
    left = await page.evaluate(() => window.keyboardWalk.left());
  }
  const found = await page.evaluate(() => window.keyboardWalk.end());
  assert.ok(left, `${where}: the focus is held (${count} things to operate)`);
  assert.deepEqual(found, { missed: [], disorder: [], unseen: [], jumps: [] }, `${where} by keyboard`);
}

async function ready(page) {
  if (!(await page.evaluate(() => 'keyboardWalk' in window))) await page.evaluate(`(${install.toString()})()`);
}

// The content of the screen, entered by the link past the menu.
export async function walkContent(page, where) {
  await ready(page);
  await page.locator('.skip').focus();
  await page.keyboard.press('Enter');
  await walk(page, 'main', where);
}

// Head and menu, from the first thing of the page.
export async function walkMenu(page, where) {
  await ready(page);
  // Leaving the focused element would go on from where it was.
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  await walk(page, '.shell', where);
}
