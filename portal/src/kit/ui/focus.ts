import { type RefObject, useEffect, useRef } from "react";

/**
 * For what takes the place of the control somebody just used: it gets the focus if that went away
 * with the control, so that the keyboard goes on from here and not from the top of the page.
 */
export function useFocusCatcher<T extends HTMLElement>(): RefObject<T | null> {
  const place = useRef<T>(null);
  useEffect(() => {
    if (document.activeElement === document.body) place.current?.focus();
  }, []);
  return place;
}
