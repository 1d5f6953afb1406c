import type { Catalogue } from "../types.ts";

export const proof = {
  "proof.title": "Proof",
  "proof.of": "Proof of {name}",
  "proof.print": "Save as one file",
  "proof.sections": "Parts of the proof",
  "proof.known": "On what was known on {day}",
  "proof.say.use": "Rely on it: where it is sure, it may act by itself on “{yes}” and on “{no}”.",
  "proof.say.one":
    "Use it to see the likeliest “{yes}” first; it may act by itself on “{called}” only, and only where it is sure.",
  "proof.say.rank": "Use it to see the likeliest “{yes}” first; every decision stays with a person.",
  "proof.say.prior": "Do not use it yet: there is too little history to learn from.",
  "proof.say.same": "Do not use it yet: there is nothing to measure it by.",
  "proof.say.thin": "Do not use it yet: too few answers came out to be sure of anything.",
  "proof.say.guess": "Do not use it: it does no better than guessing.",
  "proof.why.prior":
    "It has seen {rows} answers that are final, {yes} of them “{called}”. Until there are more, it only knows how often “{called}” happens. Bring in more history, or wait for answers.",
  "proof.why.same":
    "All answers since {day} are the same, or none has come in. When both have occurred, train the question again.",
  "proof.why.thin":
    "Fewer than ten independent answers of one kind could be judged. What it shows below looks good, and may be luck. Train it again when more have come in.",
  "proof.why.guess":
    "On later subjects it was no better than always saying the usual rate, beyond doubt. What would tell the answers apart may not be in the data: bring in more about the same subjects, or ask otherwise.",
  "proof.act.from": "“{called}”: acts by itself from a chance of {line} on",
  "proof.act.share":
    "That is {coverage} of the subjects. In the back-test {precision} of them came out so; allowing for chance, at least {bound}.",
  "proof.act.never": "“{called}”: never acts by itself",
  "proof.act.never.why": "No line kept the promised {promise}. The surest that was tried reached {best}.",
  "proof.act.never.untried":
    "No line that could keep the promised {promise} had enough subjects to be tried.",
  "proof.act.never.unused": "A model that is not to be used acts on nobody.",
  "proof.figure.order": "{count} of 100",
  "proof.figure.order.text":
    "pairs in the right order: of one “{yes}” and one “{no}” it puts “{yes}” first ({low} to {high}; guessing 50)",
  "proof.figure.money.text":
    "of the money in “{yes}” lies in the top tenth of its list (ranked by worth alone {worth}, at random {random})",
  "proof.figure.off": "{points} points",
  "proof.figure.off.text":
    "is how far its chances are off on average (a perfect model would show about {floor})",
  "proof.figure.judged.text":
    "subjects judged, each with only what was known before its answer; {yes} came out “{called}”",
  "proof.time": "Does it hold over time?",
  "proof.time.title": "Back-test",
  "proof.time.says":
    "Each column is a stretch of days, answered by a model trained only on what was final before it began; each dashed line is a retraining. Above: how often a pair is put in the right order. Below: how many answers there were.",
  "proof.time.lift.claimed":
    "Histories help: they add {figure} ({low} to {high}) to a model of the subject’s own attributes.",
  "proof.time.lift.none":
    "No lift over a model of the subject’s own attributes is claimed: {figure} ({low} to {high}) includes zero.",
  "proof.time.model": "This model",
  "proof.time.attributes": "Attributes only",
  "proof.time.guess": "guessing",
  "proof.time.answers": "Answers",
  "proof.time.auc": "Right order (AUC)",
  "proof.time.from": "From",
  "proof.time.until": "Until",
  "proof.time.trained": "Trained on",
  "proof.chance": "Do its chances mean what they say?",
  "proof.chance.title": "Calibration",
  "proof.chance.says":
    "Each dot is a tenth of the subjects. On the line, as many came out “{yes}” as it said; inside the band, the distance is no more than a perfect model would usually show.",
  "proof.chance.error":
    "On average its chances are off by {error} points; a perfect model would show about {floor} here.",
  "proof.chance.said": "Chance it gave",
  "proof.chance.was": "Came out “{yes}”",
  "proof.chance.subjects": "Subjects",
  "proof.chance.perfect": "A perfect model",
  "proof.chance.usual": "its usual distance",
  "proof.chance.model": "This model",
  "proof.gain": "How much money does the top of the list hold?",
  "proof.gain.lead":
    "Its top tenth holds {loss} of it; a list by worth alone would hold {worth}, one at random {random}.",
  "proof.gain.title": "Gain by money",
  "proof.gain.says":
    "Going down its list, how much of the {stake} in “{yes}” has been met: by expected loss, by worth alone, and at random.",
  "proof.gain.loss": "By expected loss",
  "proof.gain.worth": "By worth alone",
  "proof.gain.random": "At random",
  "proof.gain.subjects": "Share of the list",
  "proof.gain.money": "Share of the money",
  "proof.gain.top": "top tenth",
  "proof.gain.none":
    "The question names no money at stake (worth), so there is no list by money to judge. Ask it again with a worth to see it.",
  "proof.lines": "From which chance on may it act?",
  "proof.lines.title": "“{called}”: precision at each line",
  "proof.lines.says.kept":
    "From a chance of {line} on (shaded) at least {promise} came out “{called}”, even allowing for chance. Below it, the share of subjects beyond each line.",
  "proof.lines.says.never":
    "It never acts by itself on “{called}”: nowhere does the lower bound reach the promised {promise}. A person decides.",
  "proof.lines.untried": "No line on “{called}” had enough subjects to be tried.",
  "proof.lines.precision": "Came out so",
  "proof.lines.bound": "At least, allowing for chance",
  "proof.lines.promise": "promised",
  "proof.lines.coverage": "Subjects beyond the line",
  "proof.lines.line": "Chance of “{called}”",
  "proof.leaks": "Does it know something it should not?",
  "proof.leaks.clean": {
    one: "{count} feature was looked at alone; it does not tell the answers apart as well as {limit}. The strongest:",
    other:
      "{count} features were looked at alone; none tells the answers apart as well as {limit}, from where on one would suspect a leak. The strongest:",
  },
  "proof.leaks.found": {
    one: "{count} feature tells the answers apart suspiciously well alone ({limit} or more). It may be written down only after the fact: look where it comes from before you act on this model.",
    other:
      "{count} features tell the answers apart suspiciously well alone ({limit} or more). They may be written down only after the fact: look where they come from before you act on this model.",
  },
  "proof.leaks.none":
    "This proof was made before leaks were looked for. Train the question again to have it done.",
  "proof.leaks.nothing": "There were too few answers to look at any feature alone.",
  "proof.leaks.feature": "Feature",
  "proof.leaks.family": "Family",
  "proof.leaks.alone": "Right order, alone",
  "proof.leaks.by.value": "by its value",
  "proof.leaks.by.presence": "by whether it is there",
  "proof.leaks.limit": "suspicious from {limit} on",
  "proof.group.attribute": "attribute",
  "proof.group.calendar": "calendar",
  "proof.group.own history": "own history",
  "proof.group.history of a link": "history of a link",
  "proof.group.history of a pair": "history of a pair",
  "proof.group.drift": "drift",
  "proof.wrong": "Where was it sure, and wrong?",
  "proof.wrong.says":
    "The subjects on which its chance was furthest from what happened. Open one to see what was known of it on the day it was asked about.",
  "proof.wrong.none": "No judged subject came out otherwise than it said with any certainty.",
  "proof.wrong.subject": "Subject",
  "proof.wrong.asked": "Asked on",
  "proof.wrong.said": "Chance of “{yes}”",
  "proof.wrong.was": "Came out",
  "proof.wrong.worth": "At stake",
  "proof.assumed": "What is taken for granted?",
  "proof.assumed.none": "Nothing: everything the model reads is dated.",
  "proof.counts": "Who is asked about, and who is not?",
  "proof.counts.says": "All subjects of the question, as they stood when it was trained.",
  "proof.counts.asked": "Asked about",
  "proof.counts.excluded": "Not asked about",
  "proof.count.trainable": "answered for good: learned from and judged by",
  "proof.count.open": "open: a forecast stands",
  "proof.count.later": "will be asked about later",
  "proof.count.waiting": "past their deadline, their answer not final yet",
  "proof.count.overdue": "overdue: a fact, not a forecast",
  "proof.count.answered_and_without_trace":
    "answered before they were asked about, and without a trace until then",
  "proof.count.answered_before_cutoff": "were answered already on the day they would have been asked about",
  "proof.count.unborn_at_cutoff": "were not known yet on the day they would have been asked about",
  "proof.count.cutoff_attribute_unknown_at_cutoff": "the day to ask about them was not known then",
  "proof.count.no_cutoff_attribute": "have no day to be asked about",
  "proof.count.no_deadline": "have no deadline, or one before they are asked about",
  "proof.data": "What was it judged on?",
  "proof.data.judged": "Judged",
  "proof.data.judged.text": {
    one: "{judged} subjects from {from} to {until}, in {count} stretch",
    other: "{judged} subjects from {from} to {until}, in {count} stretches",
  },
  "proof.data.clusters": "Independent answers",
  "proof.data.clusters.text": "{clusters}: those of one {together} count together",
  "proof.data.trained": "Trained on",
  "proof.data.trained.text": "{rows} final answers, {yes} of them “{called}”",
  "proof.data.features": "Features",
  "proof.data.model": "Model",
  "proof.data.model.text": "{rung}, version {version}",
  "proof.data.rung.prior": "base rate only",
  "proof.data.rung.boosted trees": "boosted trees",
  "proof.data.asof": "Known as of",
  "proof.data.position": "Ledger position",
  "proof.data.facts": "Facts read",
  "proof.data.said": "In the engine’s own words",
  "proof.untrained": "This question was never trained",
  "proof.untrained.text":
    "A proof is made when a question is trained: it judges the model on subjects it had never seen.",
  "proof.untrained.ask": "Go to Ask",
  "proof.missing": "There is no question “{name}”",
  "proof.missing.text": "These can be asked:",
  "proof.missing.none": "No question is known in this workspace yet.",
  "proof.file.made":
    "Written by Sightline. This file needs no server: nothing in it is fetched from elsewhere.",
  "proof.file.empty": "This file holds no proof. Write it again with `sightline proof NAME --html FILE`.",
} as const satisfies Catalogue;
