//! What the neighbours call our fields and choices: a table, for drafting alone.
//!
//! Accents make no difference; words of one language in another's register do no harm, for a
//! person reads the draft.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::likeness::words;

/// The languages of the columns below: German, French, Spanish, Dutch, Italian, Polish.
const LANGUAGES: usize = 6;

/// A field or a choice, and what it is called in each language, with commas between.
type Named = (&'static str, [&'static str; LANGUAGES]);

const FIELDS: [Named; 18] = [
    (
        "name",
        [
            "name, person",
            "nom, nom complet",
            "nombre, nombre completo",
            "naam",
            "nome, nominativo",
            "imię i nazwisko",
        ],
    ),
    (
        "role",
        [
            "funktion",
            "fonction",
            "puesto, cargo",
            "functie",
            "funzione, ruolo",
            "stanowisko, funkcja",
        ],
    ),
    (
        "title",
        [
            "bezeichnung, titel, systemname, name des systems, systembezeichnung, ki system, anwendung",
            "nom, titre, intitulé, dénomination, nom du système, système, outil",
            "nombre, título, denominación, nombre del sistema, sistema, herramienta",
            "naam, titel, benaming, naam van het systeem, systeem, toepassing",
            "nome, titolo, denominazione, nome del sistema, sistema, strumento",
            "nazwa, nazwa systemu, tytuł, narzędzie",
        ],
    ),
    (
        "reference",
        [
            "nr, nummer, lfd nr, laufende nummer, kennung, kennziffer, aktenzeichen",
            "n, numéro, identifiant, référence, réf",
            "nº, núm, número, identificador, referencia, código",
            "nummer, volgnummer, kenmerk, referentie",
            "n, numero, identificativo, riferimento, codice",
            "lp, l p, numer, identyfikator, oznaczenie, sygnatura",
        ],
    ),
    (
        "unit",
        [
            "abteilung, amt, fachbereich, dezernat, referat, organisationseinheit, behörde, dienststelle, bereich",
            "service, direction, département, unité, entité, organisme",
            "unidad, departamento, área, dirección, servicio, organismo",
            "afdeling, dienst, eenheid, organisatieonderdeel, directie, organisatie",
            "unità, ufficio, dipartimento, settore, direzione, ente, servizio",
            "jednostka, jednostka organizacyjna, dział, wydział, departament, komórka organizacyjna, biuro, urząd",
        ],
    ),
    (
        "purpose",
        [
            "zweck, einsatzzweck, verwendungszweck, ziel, zielsetzung",
            "finalité, finalités, objectif, but, usage, objet",
            "finalidad, propósito, objetivo, uso previsto",
            "doel, doeleinde, doelstelling, gebruiksdoel",
            "finalità, scopo, obiettivo",
            "cel, przeznaczenie, zastosowanie",
        ],
    ),
    (
        "description",
        [
            "beschreibung, kurzbeschreibung",
            "description, résumé",
            "descripción, resumen",
            "beschrijving, omschrijving, samenvatting",
            "descrizione, sintesi",
            "opis",
        ],
    ),
    (
        "supplier",
        [
            "lieferant, hersteller, anbieter, dienstleister, auftragnehmer",
            "fournisseur, éditeur, prestataire, fabricant",
            "proveedor, fabricante, contratista",
            "leverancier, fabrikant, aanbieder",
            "fornitore, produttore",
            "dostawca, producent, wykonawca",
        ],
    ),
    (
        "model",
        [
            "modell, produkt",
            "modèle, produit",
            "modelo, producto",
            "algoritme",
            "modello, prodotto",
            "produkt",
        ],
    ),
    (
        "contact",
        [
            "verantwortlich, verantwortliche, verantwortlicher, ansprechpartner, ansprechpartnerin, ansprechperson, zuständig, eigentümer, kontakt",
            "responsable, propriétaire, référent, contact",
            "responsable, propietario, titular, contacto",
            "eigenaar, verantwoordelijke, contactpersoon, contact",
            "responsabile, proprietario, referente, contatto",
            "właściciel, odpowiedzialny, osoba odpowiedzialna, osoba kontaktowa, opiekun, kontakt",
        ],
    ),
    (
        "stage",
        [
            "stand, phase, einsatzstatus, betriebsstatus, zustand",
            "état, statut, stade, étape, phase",
            "estado, fase, etapa, situación",
            "fase, stand",
            "stato, fase",
            "stan, faza, etap",
        ],
    ),
    (
        "operational_since",
        [
            "in betrieb seit, im einsatz seit, produktiv seit, inbetriebnahme, einführung, startdatum",
            "mise en service, mise en production, en service depuis, en production depuis, date de début",
            "puesta en marcha, puesta en servicio, en uso desde, en funcionamiento desde, fecha de inicio",
            "in gebruik sinds, ingebruikname, startdatum, begindatum",
            "messa in servizio, messa in produzione, in uso dal, in funzione dal, data di avvio",
            "data uruchomienia, data wdrożenia, uruchomienie, wdrożenie, w użyciu od",
        ],
    ),
    (
        "users",
        [
            "nutzer, benutzer, anwender",
            "utilisateurs, utilisateur",
            "usuarios",
            "gebruikers",
            "utenti, utilizzatori",
            "użytkownicy",
        ],
    ),
    (
        "affected",
        [
            "betroffene, betroffene personen",
            "personnes concernées",
            "personas afectadas, afectados",
            "betrokkenen",
            "interessati, persone interessate",
            "osoby których dotyczy",
        ],
    ),
    (
        "impact",
        [
            "risiko, risikoklasse, risikostufe",
            "risque, niveau de risque",
            "riesgo, nivel de riesgo",
            "risico, risiconiveau, risicoklasse",
            "rischio, livello di rischio",
            "ryzyko, poziom ryzyka",
        ],
    ),
    (
        "personal_data",
        [
            "personenbezogene daten",
            "données personnelles, données à caractère personnel",
            "datos personales",
            "persoonsgegevens",
            "dati personali",
            "dane osobowe",
        ],
    ),
    (
        "joined_on",
        [
            "eintritt, eintrittsdatum, seit",
            "date d'entrée, depuis",
            "fecha de alta, desde",
            "in dienst sinds, sinds",
            "data di assunzione, dal",
            "data zatrudnienia, od",
        ],
    ),
    (
        "left_on",
        [
            "austritt, austrittsdatum, bis",
            "date de départ, date de sortie",
            "fecha de baja, hasta",
            "uit dienst, tot",
            "data di cessazione, al",
            "data odejścia, do",
        ],
    ),
];

const CHOICES: [Named; 15] = [
    (
        "idea",
        [
            "idee, vorschlag, geplant, in planung",
            "idée, proposition, envisagé",
            "propuesta",
            "idee, voorstel",
            "proposta",
            "pomysł, propozycja, planowany",
        ],
    ),
    (
        "development",
        [
            "entwicklung, im aufbau",
            "développement",
            "desarrollo",
            "ontwikkeling",
            "sviluppo",
            "rozwój, w budowie, w opracowaniu",
        ],
    ),
    (
        "pilot",
        [
            "pilotbetrieb, pilotphase, test, testbetrieb, erprobung",
            "pilote, expérimentation, essai",
            "piloto, prueba, en pruebas",
            "proef, test",
            "pilota, sperimentazione",
            "pilotaż, testy",
        ],
    ),
    (
        "live",
        [
            "in betrieb, produktiv, produktivbetrieb, im einsatz, aktiv",
            "en production, en service, en exploitation, opérationnel, déployé, actif",
            "en producción, en uso, en funcionamiento, operativo, activo",
            "in gebruik, in productie, operationeel, actief",
            "in produzione, in uso, in esercizio, operativo, attivo",
            "w użyciu, w eksploatacji, produkcyjny, wdrożony, aktywny",
        ],
    ),
    (
        "retired",
        [
            "außer betrieb, eingestellt, stillgelegt, abgeschaltet, beendet",
            "arrêté, retiré, abandonné, hors service",
            "retirado, desactivado, fuera de servicio",
            "buiten gebruik, beëindigd, gestopt, uitgefaseerd",
            "dismesso, ritirato, cessato, fuori servizio",
            "wycofany, wyłączony, zakończony",
        ],
    ),
    (
        "refused",
        [
            "abgelehnt",
            "refusé, rejeté",
            "rechazado",
            "afgewezen, geweigerd",
            "rifiutato, respinto",
            "odrzucony",
        ],
    ),
    (
        "bought",
        [
            "gekauft, zugekauft, eingekauft",
            "acheté, acquis",
            "comprado, adquirido",
            "gekocht, ingekocht, aangekocht",
            "acquistato",
            "kupiony, zakupiony",
        ],
    ),
    (
        "own_model",
        [
            "eigenentwicklung, intern",
            "développement interne, interne",
            "desarrollo propio, propio, interno",
            "eigen ontwikkeling, intern",
            "sviluppo interno, interno",
            "własny, wewnętrzny",
        ],
    ),
    (
        "high",
        [
            "hoch, hohes",
            "élevé",
            "alto",
            "hoog",
            "alto, elevato",
            "wysoki, wysokie",
        ],
    ),
    (
        "not_high",
        [
            "niedrig, gering, minimal, begrenzt",
            "faible, limité, minime",
            "bajo, limitado, mínimo",
            "laag, beperkt, minimaal",
            "basso, limitato, minimo",
            "niski, niskie, ograniczone, minimalne",
        ],
    ),
    ("yes", ["ja", "oui", "sí", "ja", "sì", "tak"]),
    ("no", ["nein", "non", "no", "nee", "no", "nie"]),
    (
        "partly",
        [
            "teilweise",
            "partiellement, en partie",
            "parcialmente, en parte",
            "gedeeltelijk, deels",
            "parzialmente, in parte",
            "częściowo",
        ],
    ),
    (
        "planned",
        [
            "geplant",
            "prévu",
            "previsto, planificado",
            "gepland",
            "previsto",
            "planowane",
        ],
    ),
    (
        "not_applicable",
        [
            "entfällt, nicht zutreffend",
            "sans objet, non applicable",
            "no aplica, no procede",
            "niet van toepassing, n v t, nvt",
            "non applicabile",
            "nie dotyczy",
        ],
    ),
];

/// The words of each name, by what is named.
type Phrases = HashMap<&'static str, Vec<Vec<String>>>;

static OF_FIELDS: LazyLock<Phrases> = LazyLock::new(|| phrases(&FIELDS));
static OF_CHOICES: LazyLock<Phrases> = LazyLock::new(|| phrases(&CHOICES));

fn phrases(table: &[Named]) -> Phrases {
    let of = |(name, languages): &Named| {
        let names = languages.iter().flat_map(|names| names.split(','));
        (*name, names.map(words).collect())
    };
    table.iter().map(of).collect()
}

/// Returns what the neighbours call a field, each as its words.
pub(super) fn of_field(name: &str) -> &'static [Vec<String>] {
    OF_FIELDS.get(name).map_or(&[], Vec::as_slice)
}

/// Returns what the neighbours call a choice, each as its words.
pub(super) fn of_choice(name: &str) -> &'static [Vec<String>] {
    OF_CHOICES.get(name).map_or(&[], Vec::as_slice)
}
