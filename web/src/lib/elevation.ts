// Anything on a page may ask that privileged rights be opened; one dialog answers, in the frame of the page.
let handler: () => void = () => undefined;

export function onElevationAsked(next: () => void): void {
  handler = next;
}

export function askForElevation(): void {
  handler();
}
