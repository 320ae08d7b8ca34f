// The player of a recording.
//
// It has no way to send anything (T-03): it opens no socket, sends no form, and asks only for its
// own recording. Where a recording is long it is never loaded whole: an outline says where it can
// be entered, and it comes a stretch at a time.
//
//   data/   what the portal sends        show/   from that to a screen        page/   what is around it

import { NotHere, Source } from "./data/source";
import { Controls } from "./page/controls";
import { element } from "./page/element";
import { offerProof } from "./page/proof";
import { pulse } from "./page/pulse";
import { Transcript } from "./page/transcript";
import { Player } from "./player";
import { Screen } from "./show/screen";
import { Show } from "./show/show";

const root = element("player", HTMLElement);
const over = element("player-over", HTMLElement);
const length = Number(root.dataset["length"]);

/** What stands over the screen; nothing while all is well. */
function trouble(cause: unknown): void {
  over.textContent = cause instanceof NotHere ? cause.message : "The player does not work in this browser. The transcript and the download do.";
  over.dataset["tone"] = "bad";
}

try {
  const source = new Source(root.dataset["recording"] ?? "");
  const screen = new Screen(element("player-screen", HTMLElement));
  const player = new Player(new Show(source, screen, length), screen, length, trouble);
  const transcript = new Transcript(source, (at) => player.seek(at));
  const controls = new Controls(player);
  player.follow((at, playing) => {
    over.textContent = "";
    controls.show(at, playing);
    transcript.show(at);
  });
  offerProof(source);
  await player.start(Number(root.dataset["at"]));
  root.dataset["ready"] = "";
  const { marks, bytes } = await source.outline;
  element("player-pulse", SVGElement).querySelector("path")?.setAttribute("d", pulse(marks, length, bytes));
} catch (cause) {
  trouble(cause);
}
