import type { Language } from "../kit/i18n.ts";

/** ISO 3166-1 alpha-2 codes, as the phone identifier of the Client-Server API wants them. */
const codes =
  "AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW".split(
    " ",
  );

/** All countries by name in the given language; the browser knows the names. */
export function countries(language: Language): { value: string; text: string }[] {
  const names = new Intl.DisplayNames(language, { type: "region" });
  const order = new Intl.Collator(language);
  return codes
    .map((value) => ({ value, text: names.of(value) ?? value }))
    .sort((one, other) => order.compare(one.text, other.text));
}

/** The country the browser's language settings point to. */
export function likelyCountry(tags: readonly string[] = navigator.languages): string {
  const regions = tags.map((tag) => new Intl.Locale(tag).maximize().region);
  return regions.find((region) => region !== undefined && codes.includes(region)) ?? "GB";
}
