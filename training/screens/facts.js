// Where the labelled facts of a page stand. Rectangles are of the text inside each labelled element, not of its
// padding: text is what a reader can point at. Of several elements with one label the first visible one counts.
// data-field names a fact of the page, data-order="row:fact" one of a row of a list.
// `seen` is false for what leaves the viewport or lies under something opaque.
() => {
  const found = {};
  const covered = (element, parts) => {
    // Not at the very edge: neighbours in a line share it by a fraction of a pixel.
    for (const part of parts) for (const across of [0, 0.25, 0.5, 0.75, 1]) for (const down of [0.25, 0.5, 0.75]) {
      const inset = Math.min(3, part.width / 3);
      const x = part.left + inset + (part.width - 2 * inset) * across, y = part.top + part.height * down;
      const top = document.elementFromPoint(x, y);
      if (top && !element.contains(top) && !top.contains(element)) return true;
    }
    return false;
  };
  const cellsOf = (element) => {
    const cells = [], letters = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode, range = document.createRange();
      for (let i = 0; i < node.data.length; i++) {
        range.setStart(node, i); range.setEnd(node, i + 1);
        const r = range.getBoundingClientRect();
        cells.push([r.left, r.top, r.right, r.bottom]); letters.push(node.data[i]);
      }
    }
    return [cells, letters.join('')];
  };
  // The name beside or above a value: without it nobody can say what the value is.
  const labelOf = (element) => {
    const row = element.closest('.spread,.columns,.inline,.stacked,.cell,tr');
    const label = row && row.querySelector('.k');
    return label && !label.contains(element) && label.innerText.trim() ? label : null;
  };
  const note = (name, element) => {
    if (name in found || !element.innerText.trim()) return false;
    const range = document.createRange();
    range.selectNodeContents(element);
    const parts = [...range.getClientRects()].filter(r => r.width > 0 && r.height > 0);
    if (!parts.length) return false;
    const box = [Math.min(...parts.map(r => r.left)), Math.min(...parts.map(r => r.top)),
                 Math.max(...parts.map(r => r.right)), Math.max(...parts.map(r => r.bottom))];
    const text = element.innerText.trim().replace(/\s+/g, ' ');
    const inside = box[0] >= 0 && box[1] >= 0 && box[2] <= innerWidth && box[3] <= innerHeight;
    const outside = box[2] <= 0 || box[3] <= 0 || box[0] >= innerWidth || box[1] >= innerHeight;
    if (outside) return false;
    const [cells, letters] = cellsOf(element);
    const style = getComputedStyle(element);
    found[name] = {
      text, box, seen: inside && !covered(element, parts), cells: letters === text ? cells : [],
      family: style.fontFamily, size: parseFloat(style.fontSize), weight: parseInt(style.fontWeight, 10),
      colour: (style.color.match(/[0-9.]+/g) || ['0', '0', '0']).slice(0, 3).map(Number),
    };
    return true;
  };
  for (const element of document.querySelectorAll('[data-field],[data-order]')) {
    const name = element.dataset.field || 'order:' + element.dataset.order;
    if (!note(name, element)) continue;
    const label = labelOf(element);
    if (label) note('label:' + name, label);
  }
  return found;
}
