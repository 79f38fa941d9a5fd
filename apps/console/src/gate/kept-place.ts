const KEY = 'tandem console place';

/** Before a login, which leads back to the first screen. An address holds ids only. */
export function keepPlace(): void {
  sessionStorage.setItem(KEY, location.pathname + location.search);
}

/** After it. */
export function takePlace(): void {
  const place = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (place) history.replaceState(null, '', place);
}
