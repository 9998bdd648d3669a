import type { MouseEvent, ReactNode } from "react";
import type { TextKey } from "./i18n.ts";
import { createStore, useStore } from "./store.ts";

/** Where the browser is, and a notice the previous page left for this one. */
export interface Place {
  path: string;
  query: URLSearchParams;
  hash: string;
  notice: TextKey | null;
}

interface HistoryState {
  notice?: TextKey;
}

function readPlace(): Place {
  const { pathname, search, hash } = window.location;
  const state = window.history.state as HistoryState | null;
  return {
    path: pathname.length > 1 ? pathname.replace(/\/+$/, "") : pathname,
    query: new URLSearchParams(search),
    hash: hash.slice(1),
    notice: state?.notice ?? null,
  };
}

const place = createStore<Place>(readPlace());
window.addEventListener("popstate", () => place.set(readPlace()));
window.addEventListener("hashchange", () => place.set(readPlace()));

export function usePlace(): Place {
  return useStore(place);
}

/** Goes to `to`, a path of this portal; `notice` is shown there once. */
export function navigate(to: string, options: { replace?: boolean; notice?: TextKey } = {}): void {
  const state: HistoryState = options.notice ? { notice: options.notice } : {};
  if (options.replace) window.history.replaceState(state, "", to);
  else window.history.pushState(state, "", to);
  place.set(readPlace());
  window.scrollTo(0, 0);
}

interface LinkProps {
  to: string;
  className?: string;
  current?: boolean;
  children: ReactNode;
}

/** An ordinary link that stays inside the app; opening it in a new tab still works. */
export function Link({ to, className, current, children }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={to} className={className} aria-current={current ? "page" : undefined} onClick={follow}>
      {children}
    </a>
  );
}
