import {
  type ShowSasCallbacks,
  VerificationPhase,
  type VerificationRequest,
  VerificationRequestEvent,
  VerifierEvent,
} from "matrix-js-sdk/lib/crypto-api";
import { useEffect, useState } from "react";
import { useLanguage, useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { Finished, Notice, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { asking } from "./asking.ts";
import { emojiName } from "./emoji-names.ts";
import { CloseButton } from "./key-dialogs.tsx";

interface EmojiDialogProps {
  request: VerificationRequest;
  onClose: () => void;
}

/** What a verification shows as it goes on. */
function useRequest(request: VerificationRequest) {
  const [, setTick] = useState(0);
  const [sas, setSas] = useState<ShowSasCallbacks | null>(null);
  const { verifier } = request;
  useEffect(() => {
    const changed = () => setTick((tick) => tick + 1);
    request.on(VerificationRequestEvent.Change, changed);
    return () => {
      request.off(VerificationRequestEvent.Change, changed);
    };
  }, [request]);
  useEffect(() => {
    if (!verifier) return;
    verifier.on(VerifierEvent.ShowSas, setSas);
    setSas(verifier.getShowSasCallbacks());
    // Resolves when it is over; how it ended, the request's phase says.
    verifier.verify().catch(() => undefined);
    return () => {
      verifier.off(VerifierEvent.ShowSas, setSas);
    };
  }, [verifier]);
  return { phase: request.phase, sas };
}

/** Two sessions compare emoji: whoever sees the same on both talks to the session they mean. */
export function EmojiDialog({ request, onClose }: EmojiDialogProps) {
  const t = useTexts();
  const task = useTask();
  const { phase, sas } = useRequest(request);
  const [confirmed, setConfirmed] = useState(false);
  const over = phase === VerificationPhase.Done || phase === VerificationPhase.Cancelled;
  const leave = () => {
    if (!over) void request.cancel().catch(() => undefined);
    onClose();
  };
  const act = (work: () => Promise<unknown>) =>
    void task.run(async () => {
      await asking(work);
    });
  return (
    <Dialog title={t("emoji.title")} onClose={leave}>
      <div className="form">
        <ProblemNotice problem={task.problem} />
        {phase === VerificationPhase.Done ? <Finished>{t("emoji.done")}</Finished> : null}
        {phase === VerificationPhase.Cancelled ? (
          <Notice look="problem">{t("emoji.cancelled")}</Notice>
        ) : null}
        {phase === VerificationPhase.Requested && !request.initiatedByMe ? (
          <>
            <p>{t("emoji.asked")}</p>
            <Button look="main" busy={task.busy} onPress={() => act(() => request.accept())}>
              {t("emoji.accept")}
            </Button>
          </>
        ) : null}
        {phase <= VerificationPhase.Requested && request.initiatedByMe ? (
          <p role="status">{t("emoji.waiting")}</p>
        ) : null}
        {phase === VerificationPhase.Ready ? (
          <>
            <p>{t("emoji.ready")}</p>
            <Button
              look="main"
              busy={task.busy}
              onPress={() => act(() => request.startVerification("m.sas.v1"))}
            >
              {t("emoji.start")}
            </Button>
          </>
        ) : null}
        {phase === VerificationPhase.Started && sas && !confirmed ? (
          <Compare
            sas={sas}
            onSame={() => {
              setConfirmed(true);
              act(() => sas.confirm());
            }}
            onOther={() => sas.mismatch()}
          />
        ) : null}
        {phase === VerificationPhase.Started && (confirmed || !sas) ? (
          <p role="status">{t(confirmed ? "emoji.confirmed" : "emoji.preparing")}</p>
        ) : null}
        {over ? (
          <CloseButton onClose={onClose} />
        ) : (
          <div className="actions">
            <Button onPress={leave}>{t("action.cancel")}</Button>
          </div>
        )}
      </div>
    </Dialog>
  );
}

interface CompareProps {
  sas: ShowSasCallbacks;
  onSame: () => void;
  onOther: () => void;
}

function Compare({ sas, onSame, onOther }: CompareProps) {
  const t = useTexts();
  const language = useLanguage();
  const shown = sas.sas.emoji ?? [];
  return (
    <>
      <p>{t("emoji.compare")}</p>
      <ul className="emoji-row">
        {shown.map(([emoji, name], place) => (
          <li key={place}>
            <span aria-hidden="true">{emoji}</span>
            <span>{emojiName(name, language)}</span>
          </li>
        ))}
      </ul>
      <div className="actions">
        <Button look="main" onPress={onSame}>
          {t("emoji.same")}
        </Button>
        <Button look="danger" onPress={onOther}>
          {t("emoji.other")}
        </Button>
      </div>
    </>
  );
}
