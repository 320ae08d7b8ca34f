// Makes server-rendered pages lively. Everything here is an addition: pages work without it.
//
// What a page wants is said in its HTML:
//   body[data-events][data-newest]  follow this stream of changes, from this event on
//   body[data-address]              stand at this address: the page answers a form, which was sent to another
//   main[data-live="requests …"]    fetch the page again when one of these topics changed
//   [data-keep]                     updates leave this element and what is in it alone
//   [data-key="a"], [data-key="g n"] a key, or keys one after the other, for this control
//   [data-list] [data-item]         j and k move through the items
//   form[data-draft="name"]         what is typed survives a reload of the tab
//   form[data-stay]                 is sent without leaving the page
//   [data-countdown], time[data-relative]  tick; when one has come, the page is fetched again
//   [data-announce]                 is read out when an update changes it
//   [data-notify]                   turns the browser's notifications on and off

import { keepDrafts } from "./form/drafts";
import { focusNext } from "./form/next";
import { stayOnPage } from "./form/stay";
import { offerHelp } from "./keys/help";
import { offerKeys } from "./keys/offer";
import { tick } from "./time/clock";
import { announce, readOut } from "./update/announce";
import { countUnseen } from "./update/badge";
import { offerToNotify, turnNotificationsOn } from "./update/notify";
import { Refresher } from "./update/refresh";
import { follow } from "./update/stream";

const refresher = new Refresher();

const address = document.body.dataset["address"];
if (address !== undefined) history.replaceState(history.state, "", address);

tick(() => refresher.soon());
keepDrafts();
focusNext();
offerKeys(refresher);
offerHelp();
stayOnPage(refresher);
countUnseen();
offerToNotify();
turnNotificationsOn(announce);
readOut("notice");
follow(refresher);
