// The player of a recording.
//
// It has no way to send anything (T-03): it opens no socket, sends no form, and asks only for its
// own recording. Where a recording is long it is never loaded whole: an outline says where it can
// be entered, and it comes a stretch at a time.
//
//   data/   what the portal sends        show/   from that to a screen        page/   what is around it

import { Source } from "./data/source";
import { Controls } from "./page/controls";
import { element } from "./page/element";
import { offerProof } from "./page/proof";
import { pulse } from "./page/pulse";
import { Stage } from "./page/stage";
import { Transcript } from "./page/transcript";
import { Player } from "./player";
import { Screen } from "./show/screen";
import { Show } from "./show/show";

const root = element("player", HTMLElement);
const length = Number(root.dataset["length"]);
const stage = new Stage();

try {
  const source = new Source(root.dataset["recording"] ?? "");
  const screen = new Screen(element("player-screen", HTMLElement));
  const player = new Player(new Show(source, screen, length), screen, length, stage);
  const transcript = new Transcript(source, (at) => player.seek(at));
  const controls = new Controls(player);
  player.follow((at, playing) => {
    controls.show(at, playing);
    transcript.show(at);
  });
  offerProof(source);
  player.seek(Number(root.dataset["at"]));
  const outline = element("player-pulse", SVGElement).querySelector("path");
  // Without it the player works all the same: it only leaves out when much was shown.
  source.outline.then(({ marks, bytes }) => outline?.setAttribute("d", pulse(marks, length, bytes)), () => undefined);
} catch (cause) {
  stage.close(cause, () => location.reload());
}
