import type { proof as english } from "../en/proof.ts";
import type { Same } from "../types.ts";

export const proof: Same<typeof english> = {
  "proof.title": "Nachweis",
  "proof.of": "Nachweis zu {name}",
  "proof.print": "Als eine Datei sichern",
  "proof.sections": "Teile des Nachweises",
  "proof.known": "Mit dem, was am {day} bekannt war",
  "proof.say.use":
    "Darauf ist Verlass: Wo es sicher ist, darf es bei „{yes}“ und bei „{no}“ von selbst handeln.",
  "proof.say.one":
    "Gut, um die wahrscheinlichsten „{yes}“ zuerst zu sehen; von selbst handeln darf es nur bei „{called}“, und nur, wo es sicher ist.",
  "proof.say.rank":
    "Gut, um die wahrscheinlichsten „{yes}“ zuerst zu sehen; jede Entscheidung bleibt bei einem Menschen.",
  "proof.say.prior": "Noch nicht verwenden: Die Vorgeschichte reicht nicht, um daraus zu lernen.",
  "proof.say.same": "Noch nicht verwenden: Es gibt nichts, woran es sich messen ließe.",
  "proof.say.thin":
    "Noch nicht verwenden: Zu wenige Antworten liegen vor, um sich einer Sache sicher zu sein.",
  "proof.say.guess": "Nicht verwenden: Es ist nicht besser als Raten.",
  "proof.why.prior":
    "Es kennt {rows} endgültige Antworten, davon {yes} „{called}“. Bis es mehr sind, weiß es nur, wie oft „{called}“ vorkommt. Mehr Vorgeschichte einlesen oder Antworten abwarten.",
  "proof.why.same":
    "Alle Antworten seit {day} sind gleich, oder es liegt keine vor. Neu trainieren, sobald beide vorgekommen sind.",
  "proof.why.thin":
    "Von einer der Antworten konnten weniger als zehn unabhängige beurteilt werden. Was unten steht, sieht gut aus und kann Glück sein. Neu trainieren, sobald mehr vorliegen.",
  "proof.why.guess":
    "Bei späteren Gegenständen war es nicht zweifelsfrei besser, als stets die übliche Quote zu nennen. Was die Antworten unterscheidet, fehlt vielleicht in den Daten: mehr über dieselben Gegenstände einlesen oder anders fragen.",
  "proof.act.from": "„{called}“: handelt ab einer Chance von {line} von selbst",
  "proof.act.share":
    "Das sind {coverage} der Gegenstände. Im Rückblick kamen {precision} davon so heraus; den Zufall eingerechnet mindestens {bound}.",
  "proof.act.never": "„{called}“: handelt nie von selbst",
  "proof.act.never.why":
    "Keine Schwelle hielt die zugesagten {promise}. Die sicherste, die versucht wurde, erreichte {best}.",
  "proof.act.never.untried":
    "Für keine Schwelle, die die zugesagten {promise} halten könnte, gab es genug Gegenstände.",
  "proof.act.never.unused": "Ein Modell, das nicht zu verwenden ist, handelt bei niemandem.",
  "proof.figure.order": "{count} von 100",
  "proof.figure.order.text":
    "Paaren richtig geordnet: Von einem „{yes}“ und einem „{no}“ steht „{yes}“ vorn ({low} bis {high}; Raten: 50)",
  "proof.figure.money.text":
    "des Geldes in „{yes}“ liegen im obersten Zehntel seiner Liste (nach Wert allein {worth}, zufällig {random})",
  "proof.figure.off": "{points} Punkte",
  "proof.figure.off.text":
    "liegen seine Chancen im Mittel daneben (ein vollkommenes Modell zeigte hier etwa {floor})",
  "proof.figure.judged.text":
    "Gegenstände beurteilt, jeder nur mit dem, was vor seiner Antwort bekannt war; {yes} kamen „{called}“ heraus",
  "proof.time": "Hält es über die Zeit?",
  "proof.time.title": "Rückblick",
  "proof.time.says":
    "Jede Spalte ist ein Zeitraum, beantwortet von einem Modell, das nur kannte, was vor dessen Beginn endgültig war; an jeder gestrichelten Linie wurde neu trainiert. Oben: wie oft ein Paar richtig geordnet wird. Unten: wie viele Antworten es gab.",
  "proof.time.lift.claimed":
    "Die Vorgeschichte hilft: Sie bringt {figure} ({low} bis {high}) gegenüber einem Modell der eigenen Merkmale.",
  "proof.time.lift.none":
    "Ein Vorsprung vor einem Modell der eigenen Merkmale wird nicht behauptet: {figure} ({low} bis {high}) schließt null ein.",
  "proof.time.model": "Dieses Modell",
  "proof.time.attributes": "Nur eigene Merkmale",
  "proof.time.guess": "Raten",
  "proof.time.answers": "Antworten",
  "proof.time.auc": "Richtige Ordnung (AUC)",
  "proof.time.from": "Von",
  "proof.time.until": "Bis",
  "proof.time.trained": "Trainiert mit",
  "proof.chance": "Bedeuten seine Chancen, was sie sagen?",
  "proof.chance.title": "Kalibrierung",
  "proof.chance.says":
    "Jeder Punkt ist ein Zehntel der Gegenstände. Auf der Linie kamen so viele „{yes}“ heraus, wie es sagte; im Band ist der Abstand nicht größer, als ein vollkommenes Modell ihn gewöhnlich zeigte.",
  "proof.chance.error":
    "Im Mittel liegen seine Chancen um {error} Punkte daneben; ein vollkommenes Modell zeigte hier etwa {floor}.",
  "proof.chance.said": "Genannte Chance",
  "proof.chance.was": "Kamen „{yes}“ heraus",
  "proof.chance.subjects": "Gegenstände",
  "proof.chance.perfect": "Ein vollkommenes Modell",
  "proof.chance.usual": "sein üblicher Abstand",
  "proof.chance.model": "Dieses Modell",
  "proof.gain": "Wie viel Geld liegt oben auf der Liste?",
  "proof.gain.lead":
    "Das oberste Zehntel hält {loss} davon; eine Liste nach Wert allein hielte {worth}, eine zufällige {random}.",
  "proof.gain.title": "Gewinn nach Geld",
  "proof.gain.says":
    "Wie viel von {stake} in „{yes}“ man antrifft, wenn man die Liste hinabgeht: nach erwartetem Verlust, nach Wert allein und zufällig.",
  "proof.gain.loss": "Nach erwartetem Verlust",
  "proof.gain.worth": "Nach Wert allein",
  "proof.gain.random": "Zufällig",
  "proof.gain.subjects": "Anteil der Liste",
  "proof.gain.money": "Anteil des Geldes",
  "proof.gain.top": "oberstes Zehntel",
  "proof.gain.none":
    "Die Frage nennt kein Geld, das auf dem Spiel steht (worth), also gibt es keine Liste nach Geld. Mit einem Wert gestellt, zeigt sie eine.",
  "proof.lines": "Ab welcher Chance darf es handeln?",
  "proof.lines.title": "„{called}“: Trefferquote an jeder Schwelle",
  "proof.lines.says.kept":
    "Ab einer Chance von {line} (unterlegt) kamen mindestens {promise} „{called}“ heraus, auch den Zufall eingerechnet. Darunter der Anteil der Gegenstände jenseits jeder Schwelle.",
  "proof.lines.says.never":
    "Bei „{called}“ handelt es nie von selbst: Nirgends erreicht die untere Grenze die zugesagten {promise}. Ein Mensch entscheidet.",
  "proof.lines.untried": "Für „{called}“ hatte keine Schwelle genug Gegenstände, um versucht zu werden.",
  "proof.lines.precision": "Kamen so heraus",
  "proof.lines.bound": "Mindestens, den Zufall eingerechnet",
  "proof.lines.promise": "zugesagt",
  "proof.lines.coverage": "Gegenstände jenseits der Schwelle",
  "proof.lines.line": "Chance von „{called}“",
  "proof.leaks": "Weiß es etwas, das es nicht wissen dürfte?",
  "proof.leaks.clean": {
    one: "{count} Merkmal wurde für sich betrachtet; es trennt die Antworten nicht so gut wie {limit}. Das stärkste:",
    other:
      "{count} Merkmale wurden für sich betrachtet; keines trennt die Antworten so gut wie {limit}, ab wo man ein Leck vermutete. Die stärksten:",
  },
  "proof.leaks.found": {
    one: "{count} Merkmal trennt die Antworten allein verdächtig gut ({limit} oder mehr). Vielleicht wird es erst hinterher geschrieben: Vor dem Handeln prüfen, woher es kommt.",
    other:
      "{count} Merkmale trennen die Antworten allein verdächtig gut ({limit} oder mehr). Vielleicht werden sie erst hinterher geschrieben: Vor dem Handeln prüfen, woher sie kommen.",
  },
  "proof.leaks.none":
    "Dieser Nachweis ist älter als die Suche nach Lecks. Neu trainieren, damit sie nachgeholt wird.",
  "proof.leaks.nothing": "Es gab zu wenige Antworten, um ein Merkmal für sich zu betrachten.",
  "proof.leaks.feature": "Merkmal",
  "proof.leaks.family": "Familie",
  "proof.leaks.alone": "Richtige Ordnung, allein",
  "proof.leaks.by.value": "durch seinen Wert",
  "proof.leaks.by.presence": "dadurch, ob es da ist",
  "proof.leaks.limit": "verdächtig ab {limit}",
  "proof.group.attribute": "Eigenschaft",
  "proof.group.calendar": "Kalender",
  "proof.group.own history": "eigene Vorgeschichte",
  "proof.group.history of a link": "Vorgeschichte eines Verweises",
  "proof.group.history of a pair": "Vorgeschichte eines Paares",
  "proof.group.drift": "Drift",
  "proof.wrong": "Wo war es sicher und lag falsch?",
  "proof.wrong.says":
    "Die Gegenstände, bei denen seine Chance am weitesten von dem entfernt war, was geschah. Geöffnet zeigen sie, was am Tag der Frage bekannt war.",
  "proof.wrong.none": "Kein beurteilter Gegenstand kam anders heraus, als es mit einiger Sicherheit sagte.",
  "proof.wrong.subject": "Gegenstand",
  "proof.wrong.asked": "Gefragt am",
  "proof.wrong.said": "Chance auf „{yes}“",
  "proof.wrong.was": "Kam heraus",
  "proof.wrong.worth": "Steht auf dem Spiel",
  "proof.outside": "Welche Antworten liegen am weitesten außerhalb ihres Bereichs?",
  "proof.outside.says":
    "Einige müssen es: Von zehn Bereichen soll einer verfehlen. Geöffnet zeigt ein Gegenstand, was am Tag der Frage bekannt war.",
  "proof.outside.interval": "Bereich",
  "proof.outside.came": "Kam heraus",
  "proof.span": "{low} bis {high}",
  "proof.intervals": "Bedeuten seine Mengen und Bereiche, was sie sagen?",
  "proof.intervals.says":
    "{coverage} der Antworten liegen in ihrem Bereich; {promised} sollten es. Ein Bereich ist im Durchschnitt {width} breit. Jede Zeile fasst Gegenstände mit ähnlicher Vorhersage zusammen.",
  "proof.intervals.forecast": "Vorhersage",
  "proof.intervals.mean": "Vorhergesagt, im Durchschnitt",
  "proof.intervals.came": "Kam heraus, im Durchschnitt",
  "proof.champion": "Ist es besser als die Fassung davor?",
  "proof.champion.better":
    "Ja, ohne Zweifel: Bei Gegenständen, nach denen seit dem Training der Fassung davor gefragt wurde, lag es näher an dem, was kam.",
  "proof.champion.worse":
    "Nein: Bei Gegenständen, nach denen seit dem Training der Fassung davor gefragt wurde, lag es ohne Zweifel weiter von dem entfernt, was kam.",
  "proof.champion.even":
    "Bei Gegenständen, nach denen seit dem Training der Fassung davor gefragt wurde, ist keine der beiden ohne Zweifel besser.",
  "proof.champion.few":
    "Seit dem Training der Fassung davor wurde nach zu wenigen Gegenständen gefragt, um beide zu vergleichen.",
  "proof.champion.before": "Die Fassung davor",
  "proof.champion.version": "{version}, trainiert mit dem, was am {day} bekannt war",
  "proof.champion.judged":
    "{judged} Gegenstände, nach denen seitdem gefragt wurde, davon {clusters} unabhängig",
  "proof.champion.loss": "Log-Loss kleiner um",
  "proof.champion.nearer": "Im Durchschnitt näher um",
  "proof.champion.figure": "{figure} ({low} bis {high})",
  "proof.notes": "Was war ungewöhnlich?",
  "proof.assumed": "Was wird vorausgesetzt?",
  "proof.assumed.none": "Nichts: Alles, was das Modell liest, ist datiert.",
  "proof.counts": "Nach wem wird gefragt, nach wem nicht?",
  "proof.counts.says": "Alle Gegenstände der Frage, wie sie beim Training standen.",
  "proof.counts.asked": "Gefragt",
  "proof.counts.excluded": "Nicht gefragt",
  "proof.count.trainable": "endgültig beantwortet: daran gelernt und beurteilt",
  "proof.count.open": "offen: eine Vorhersage steht",
  "proof.count.later": "werden später gefragt",
  "proof.count.waiting": "über ihre Frist hinaus, die Antwort noch nicht endgültig",
  "proof.count.overdue": "überfällig: Tatsache, keine Vorhersage",
  "proof.count.answered_and_without_trace": "beantwortet, bevor gefragt wurde, und bis dahin ohne Spur",
  "proof.count.answered_before_cutoff": "waren am Tag der Frage schon beantwortet",
  "proof.count.unborn_at_cutoff": "waren am Tag der Frage noch nicht bekannt",
  "proof.count.cutoff_attribute_unknown_at_cutoff": "der Tag der Frage war damals nicht bekannt",
  "proof.count.no_cutoff_attribute": "haben keinen Tag, an dem zu fragen wäre",
  "proof.count.no_deadline": "haben keine Frist oder eine vor dem Tag der Frage",
  "proof.data": "Woran wurde es beurteilt?",
  "proof.data.judged": "Beurteilt",
  "proof.data.judged.text": {
    one: "{judged} Gegenstände vom {from} bis {until}, in {count} Zeitraum",
    other: "{judged} Gegenstände vom {from} bis {until}, in {count} Zeiträumen",
  },
  "proof.data.clusters": "Unabhängige Antworten",
  "proof.data.clusters.text": "{clusters}: die von einem {together} zählen zusammen",
  "proof.data.trained": "Trainiert mit",
  "proof.data.trained.text": "{rows} endgültigen Antworten, davon {yes} „{called}“",
  "proof.data.features": "Merkmale",
  "proof.data.model": "Modell",
  "proof.data.model.text": "{rung}, Fassung {version}",
  "proof.data.rung.prior": "nur die Grundquote",
  "proof.data.rung.boosted trees": "Verstärkte Bäume",
  "proof.data.asof": "Stand des Wissens",
  "proof.data.position": "Stelle im Hauptbuch",
  "proof.data.facts": "Gelesene Tatsachen",
  "proof.data.said": "In den Worten der Maschine (englisch)",
  "proof.untrained": "Diese Frage wurde nie trainiert",
  "proof.untrained.text":
    "Ein Nachweis entsteht, wenn eine Frage trainiert wird: Er beurteilt das Modell an Gegenständen, die es nie gesehen hat.",
  "proof.untrained.ask": "Zu den Fragen",
  "proof.missing": "Es gibt keine Frage „{name}“",
  "proof.missing.text": "Diese lassen sich stellen:",
  "proof.missing.none": "In diesem Arbeitsbereich ist noch keine Frage bekannt.",
  "proof.file.made":
    "Von Sightline geschrieben. Diese Datei braucht keinen Server: Nichts darin wird von anderswo geholt.",
  "proof.file.empty":
    "Diese Datei enthält keinen Nachweis. Neu schreiben mit `sightline proof NAME --html DATEI`.",
  "proof.say.quantity":
    "Nutzen Sie es: seine Mengen liegen näher an dem, was kam, als die einer naiven Vorhersage. Jede Entscheidung bleibt bei einem Menschen.",
  "proof.figure.mae.text":
    "liegt seine mittlere Vorhersage im Durchschnitt daneben (naive Vorhersage {baseline})",
  "proof.figure.rmse.text":
    "ist die Wurzel des mittleren quadratischen Fehlers, in dem große Abweichungen mehr wiegen (naive Vorhersage {baseline})",
  "proof.figure.coverage.text": "der Antworten liegen in dem Bereich, in dem 90 % liegen sollten",
  "proof.figure.total.text": "von allem, was kam, wurde insgesamt vorhergesagt (naive Vorhersage {baseline})",
  "proof.figure.quantities.text":
    "Gegenstände beurteilt, jeder nur mit dem, was vor seiner Antwort bekannt war",
  "proof.time.gain.claimed":
    "Es liegt im Durchschnitt um {figure} näher ({low} bis {high}) als die naive Vorhersage.",
  "proof.time.gain.none":
    "Ein Vorsprung vor der naiven Vorhersage wird nicht behauptet: {figure} ({low} bis {high}) schließt null ein.",
  "proof.time.mae": "Daneben, im Durchschnitt",
  "proof.tried": "Welche Modelle wurden versucht?",
  "proof.tried.says":
    "Das einfachste zuerst. Jedes weitere wird nur genommen, wo es ohne Zweifel besser ist.",
  "proof.tried.loss": "Verlust",
  "proof.tried.worse": "Schlechter um",
  "proof.tried.se": "Standardfehler",
  "proof.tried.chosen": "genommen",
  "proof.segments": "Ist es für alle gleich gut?",
  "proof.segments.says": "Gegenstände mit gleichem Wert, für sich beurteilt.",
  "proof.segments.of": "Gegenstände mit",
  "proof.segments.share": "Kam ja heraus",
  "proof.segments.mean": "Mittel",
  "proof.segments.total": "Insgesamt vorhergesagt, von dem, was kam",
  "proof.segments.inside": "Im 90-%-Bereich",
  "proof.segments.off": "Chancen daneben um",
  "proof.leaks.left": "Dem Modell vorenthalten",
  "proof.leaks.out": "weggelassen",
  "proof.leaks.admitted": "zugelassen",
  "proof.count.over_before_cutoff": "waren an dem Tag, an dem gefragt worden wäre, schon zu Ende",
  "proof.count.not_among_those_asked": "erfüllen die Bedingungen der Frage nicht",
  "proof.data.trained.quantity": "{rows} endgültige Antworten",
  "proof.data.rung.logistic": "geschrumpftes lineares Modell",
  "proof.data.rung.explainable": "erklärbares Boosting",
  "proof.data.rung.blend": "Mischung von Modellen",
  "proof.data.rung.survival": "Überlebensmodell",
  "proof.data.rung.buy till you die": "Kaufen bis zum Ende (BTYD)",
  "proof.data.rung.catboost": "CatBoost",
  "proof.versions": "Welche Fassungen gibt es?",
  "proof.versions.every": {
    one: "Wird jeden Tag neu trainiert.",
    other: "Wird alle {count} Tage neu trainiert.",
  },
  "proof.versions.version": "Fassung",
  "proof.versions.state": "Steht",
  "proof.versions.trained": "Trainiert am",
  "proof.versions.verdict": "Urteil",
  "proof.versions.why": "Warum",
  "proof.versions.state.champion": "im Dienst",
  "proof.versions.state.challenger": "Herausforderer",
  "proof.versions.state.retired": "abgelöst",
  "proof.versions.why.asked": "verlangt",
  "proof.versions.why.schedule": "nach Plan",
  "proof.versions.why.drift": "es kam anders als gesagt",
  "proof.versions.why.data": "neue Daten",
  "proof.versions.promote": "In Dienst nehmen",
  "proof.versions.back": "Zur Fassung davor zurück",
  "proof.versions.back.title": "Zur Fassung davor zurück?",
  "proof.versions.back.text":
    "Fassung {version} geht wieder in Dienst, und ihre Vorhersagen werden gezeigt. Die jetzige wird aufgehoben.",
};
