import { useEffect } from 'preact/hooks';

/** To the heading of the dialog or section around a place, or else of the screen. */
export function focusHeading(place?: Element): void {
  const heading =
    place?.closest('dialog, section')?.querySelector<HTMLElement>('h2') ??
    document.querySelector<HTMLElement>('main h1');
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
}

/** Whoever was at a row or a button that is gone goes on near where it was, and not at the top of the page. */
export function useKeptFocus(): void {
  useEffect(() => {
    /** What has the focus, and all around it. */
    let path: readonly Element[] = [];
    const note = (event: FocusEvent) => {
      path = event.composedPath().filter((one) => one instanceof Element);
    };
    const keep = () => {
      const isLost = document.activeElement === document.body && path[0]?.isConnected === false;
      if (isLost) focusHeading(path.find((one) => one.isConnected));
    };
    const observer = new MutationObserver(keep);
    observer.observe(document.body, { childList: true, subtree: true });
    addEventListener('focusin', note);
    return () => {
      observer.disconnect();
      removeEventListener('focusin', note);
    };
  }, []);
}
