/** Puts the name of what the page shows before the name of the site. */
export function setTitle(title: string): void {
  const site = document.title.split(' - ').at(-1) ?? ''
  document.title = `${title} - ${site}`
}
