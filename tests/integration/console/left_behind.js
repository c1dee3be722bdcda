() => {
  const found = [], turned = /[\u202a-\u202e\u2066-\u2069]/;
  const bad = "iframe, object, embed, base, style, [srcdoc], [style], script:not([src]), img[src='x'], " +
    "a[href^='javascript' i]";
  const leading = ["src", "href", "action", "hx-get", "hx-post"];
  const inside = /^(\/(?!\/)|#|\?|data:image\/)/;
  for (const node of document.querySelectorAll(bad)) found.push(node.outerHTML.slice(0, 200));
  for (const node of document.querySelectorAll("*")) {
    for (const attribute of node.attributes) {
      const where = `${attribute.name} of ${node.outerHTML.slice(0, 160)}`;
      if (/^(on|hx-on)/.test(attribute.name)) found.push(where);
      if (turned.test(attribute.value)) found.push(`turns the line around: ${where}`);
      const meant = node.relList?.contains("external") && /^https?:/.test(attribute.value);
      if (leading.includes(attribute.name) && !inside.test(attribute.value) && !meant) {
        found.push(`leads outside: ${where}`);
      }
    }
  }
  if (turned.test(document.documentElement.textContent)) found.push("text turns the line around");
  if (/49\{%|49\$/.test(document.body.textContent)) found.push("a template was run");
  if (getComputedStyle(document.body).display === "none") found.push("a style was applied");
  return found;
}
