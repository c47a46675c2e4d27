/** Changes a text only where it is another one: what has not changed is not drawn, nor read out, again. */
export function setText(element, text) {
  const string = String(text)
  if (element.textContent !== string) element.textContent = string
}

/** Makes an element with attributes and children. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value)
  element.append(...children)
  return element
}
