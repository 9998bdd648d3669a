import { useEffect, useState } from "react";
import type { Server } from "../discovery/server.ts";
import { useTexts } from "../kit/i18n.ts";
import { Field } from "../kit/ui/field.tsx";
import { isAvailable } from "./registration.ts";

/** How long after the last key the server is asked. */
const pauseMs = 400;

/** The characters of a user ID's local part (appendices, "User identifiers"). */
export function isValidName(name: string): boolean {
  return /^[a-z0-9._=/+-]+$/.test(name);
}

type Answer = Awaited<ReturnType<typeof isAvailable>>;

function useAvailability(server: Server, name: string): Answer {
  const [found, setFound] = useState<{ name: string; answer: Answer } | null>(null);
  useEffect(() => {
    if (!isValidName(name)) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      isAvailable(server, name, stop.signal).then(
        (answer) => stop.signal.aborted || setFound({ name, answer }),
        () => undefined,
      );
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [server, name]);
  return found?.name === name ? found.answer : null;
}

interface UserNameFieldProps {
  server: Server;
  value: string;
  onChange: (value: string) => void;
  /** Set once the form was sent: an empty name is then an error. */
  checked: boolean;
}

/** The user name, with the user ID it makes and whether it is free. */
export function UserNameField({ server, value, onChange, checked }: UserNameFieldProps) {
  const t = useTexts();
  const available = useAvailability(server, value);
  const id = `@${value}:${server.name}`;
  const invalid = value === "" ? checked : !isValidName(value) || available === "invalid";
  const error = invalid
    ? t("problem.invalid_username")
    : available === "taken"
      ? t("problem.user_in_use")
      : null;
  return (
    <>
      <Field
        label={t("identifier.user")}
        name="username"
        autoComplete="username"
        value={value}
        onChange={(text) => onChange(text.trim().toLowerCase())}
        hint={value === "" ? t("username.hint") : t("username.preview", { id })}
        error={error}
        isRequired
      />
      <p className="field-state" role="status">
        {available === "free" && !error ? t("username.free", { name: value }) : null}
      </p>
    </>
  );
}
