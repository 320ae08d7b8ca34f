// Makes pages that work without script lively. Pages say in their HTML what they want:
//
//   <body data-events="/events" data-newest="42">   where changes are told, and from which on
//   <main id="page" data-live="requests sessions">  fetched again when one of these changes
//   <time data-relative>, <span data-countdown>     kept true as time passes
//   <button data-key="a">                           pressed by this key
//   <ul data-list> <li data-item>                   walked with j and k
//   <form data-draft="name">                        what is typed survives a reload

import { startClock } from "./clock";
import { keepDrafts } from "./drafts";
import { followChanges } from "./events";
import { listenForKeys } from "./keys";
import { announceArrival } from "./status";

startClock();
keepDrafts();
listenForKeys();
announceArrival();
followChanges();
