/** A currency as people and ISO 4217 know it. */
export interface Currency {
  code: string;
  name: { en: string; es: string };
  /** Digits after the point in amounts: 2 for USD, 0 for JPY. */
  minorUnits: number;
}

/**
 * Code, minor units and names of every currency that a provider serves. Names are those of Unicode's CLDR in English and
 * Mexican Spanish; six codes outside ISO 4217 have theirs by hand. Minor units are ISO's, which in CLDR some lack.
 */
const TABLE = `
AED2United Arab Emirates Dirham|dírham de los Emiratos Árabes Unidos
AFN2Afghan Afghani|afgani afgano
ALL2Albanian Lek|lek albanés
AMD2Armenian Dram|dram armenio
ANG2Netherlands Antillean Guilder|florín de las Antillas Neerlandesas
AOA2Angolan Kwanza|kuanza angoleño
ARS2Argentine Peso|peso argentino
AUD2Australian Dollar|dólar australiano
AWG2Aruban Florin|florín arubeño
AZN2Azerbaijani Manat|manat azerbaiyano
BAM2Bosnia-Herzegovina Convertible Mark|marco convertible de Bosnia y Herzegovina
BBD2Barbadian Dollar|dólar barbadense
BDT2Bangladeshi Taka|taka bangladesí
BGN2Bulgarian Lev|leva búlgara
BHD3Bahraini Dinar|dinar bareiní
BIF0Burundian Franc|franco burundés
BMD2Bermudan Dollar|dólar de Bermudas
BND2Brunei Dollar|dólar bruneano
BOB2Bolivian Boliviano|boliviano
BRL2Brazilian Real|real brasileño
BSD2Bahamian Dollar|dólar bahameño
BTN2Bhutanese Ngultrum|ngultrum butanés
BWP2Botswanan Pula|pula botsuano
BYN2Belarusian Ruble|rublo bielorruso
BZD2Belize Dollar|dólar beliceño
CAD2Canadian Dollar|dólar canadiense
CDF2Congolese Franc|franco congoleño
CHF2Swiss Franc|franco suizo
CLF4Chilean Unit of Account (UF)|unidad de fomento chilena
CLP0Chilean Peso|peso chileno
CNH2Chinese Yuan (offshore)|yuan chino (extracontinental)
CNY2Chinese Yuan|yuan renminbi
COP2Colombian Peso|peso colombiano
CRC2Costa Rican Colón|colón costarricense
CUP2Cuban Peso|peso cubano
CVE2Cape Verdean Escudo|escudo de Cabo Verde
CYP2Cypriot Pound|libra chipriota
CZK2Czech Koruna|corona checa
DJF0Djiboutian Franc|franco yibutiano
DKK2Danish Krone|corona danesa
DOP2Dominican Peso|peso dominicano
DZD2Algerian Dinar|dinar argelino
EEK2Estonian Kroon|corona estonia
EGP2Egyptian Pound|libra egipcia
ERN2Eritrean Nakfa|nakfa eritreo
ETB2Ethiopian Birr|bir etíope
EUR2Euro|euro
FJD2Fijian Dollar|dólar fiyiano
FKP2Falkland Islands Pound|libra malvinense
FOK2Faroese Króna|corona feroesa
GBP2British Pound|libra esterlina
GEL2Georgian Lari|lari georgiano
GGP2Guernsey Pound|libra de Guernesey
GHS2Ghanaian Cedi|cedi ghanés
GIP2Gibraltar Pound|libra gibraltareña
GMD2Gambian Dalasi|dalasi gambiano
GNF0Guinean Franc|franco guineano
GTQ2Guatemalan Quetzal|quetzal guatemalteco
GYD2Guyanaese Dollar|dólar guyanés
HKD2Hong Kong Dollar|dólar hongkonés
HNL2Honduran Lempira|lempira hondureño
HRK2Croatian Kuna|kuna croata
HTG2Haitian Gourde|gourde haitiano
HUF2Hungarian Forint|forinto húngaro
IDR2Indonesian Rupiah|rupia indonesia
ILS2Israeli New Shekel|nuevo séquel israelí
IMP2Manx Pound|libra manesa
INR2Indian Rupee|rupia india
IQD3Iraqi Dinar|dinar iraquí
IRR2Iranian Rial|rial iraní
ISK0Icelandic Króna|corona islandesa
JEP2Jersey Pound|libra de Jersey
JMD2Jamaican Dollar|dólar jamaicano
JOD3Jordanian Dinar|dinar jordano
JPY0Japanese Yen|yen japonés
KES2Kenyan Shilling|chelín keniano
KGS2Kyrgyz Som|som kirguís
KHR2Cambodian Riel|riel camboyano
KID2Kiribati Dollar|dólar kiribatiano
KMF0Comorian Franc|franco comorense
KPW2North Korean Won|won norcoreano
KRW0South Korean Won|won surcoreano
KWD3Kuwaiti Dinar|dinar kuwaití
KYD2Cayman Islands Dollar|dólar de las Islas Caimán
KZT2Kazakhstani Tenge|tenge kazajo
LAK2Laotian Kip|kip laosiano
LBP2Lebanese Pound|libra libanesa
LKR2Sri Lankan Rupee|rupia esrilanquesa
LRD2Liberian Dollar|dólar liberiano
LSL2Lesotho Loti|loti lesotense
LTL2Lithuanian Litas|litas lituano
LVL2Latvian Lats|lats letón
LYD3Libyan Dinar|dinar libio
MAD2Moroccan Dirham|dírham marroquí
MDL2Moldovan Leu|leu moldavo
MGA2Malagasy Ariary|ariari malgache
MKD2Macedonian Denar|dinar macedonio
MMK2Myanmar Kyat|kiat de Myanmar
MNT2Mongolian Tugrik|tugrik mongol
MOP2Macanese Pataca|pataca macaense
MRU2Mauritanian Ouguiya|uguiya mauritano
MTL2Maltese Lira|lira maltesa
MUR2Mauritian Rupee|rupia mauriciana
MVR2Maldivian Rufiyaa|rupia de Maldivas
MWK2Malawian Kwacha|kwacha malauí
MXN2Mexican Peso|peso mexicano
MYR2Malaysian Ringgit|ringit malasio
MZN2Mozambican Metical|metical mozambiqueño
NAD2Namibian Dollar|dólar namibio
NGN2Nigerian Naira|naira nigeriano
NIO2Nicaraguan Córdoba|córdoba nicaragüense
NOK2Norwegian Krone|corona noruega
NPR2Nepalese Rupee|rupia nepalí
NZD2New Zealand Dollar|dólar neozelandés
OMR3Omani Rial|rial omaní
PAB2Panamanian Balboa|balboa panameño
PEN2Peruvian Sol|sol peruano
PGK2Papua New Guinean Kina|kina papú
PHP2Philippine Peso|peso filipino
PKR2Pakistani Rupee|rupia pakistaní
PLN2Polish Zloty|esloti polaco
PYG0Paraguayan Guarani|guaraní paraguayo
QAR2Qatari Riyal|rial catarí
ROL2Romanian Leu (1952–2006)|antiguo leu rumano
RON2Romanian Leu|leu rumano
RSD2Serbian Dinar|dinar serbio
RUB2Russian Ruble|rublo ruso
RWF0Rwandan Franc|franco ruandés
SAR2Saudi Riyal|rial saudí
SBD2Solomon Islands Dollar|dólar salomonense
SCR2Seychellois Rupee|rupia seychellense
SDG2Sudanese Pound|libra sudanesa
SEK2Swedish Krona|corona sueca
SGD2Singapore Dollar|dólar singapurense
SHP2St. Helena Pound|libra de Santa Elena
SIT2Slovenian Tolar|tólar esloveno
SKK2Slovak Koruna|corona eslovaca
SLE2Sierra Leonean Leone|leone
SLL2Sierra Leonean Leone (1964—2022)|leones (1964—2022)
SOS2Somali Shilling|chelín somalí
SRD2Surinamese Dollar|dólar surinamés
SSP2South Sudanese Pound|libra sursudanesa
STN2São Tomé & Príncipe Dobra|dobra santotomense
SVC2Salvadoran Colón|colón salvadoreño
SYP2Syrian Pound|libra siria
SZL2Swazi Lilangeni|lilangeni esuatiní
THB2Thai Baht|baht tailandés
TJS2Tajikistani Somoni|somoni tayiko
TMT2Turkmenistani Manat|manat turcomano
TND3Tunisian Dinar|dinar tunecino
TOP2Tongan Paʻanga|paanga tongano
TRL0Turkish Lira (1922–2005)|lira turca (1922–2005)
TRY2Turkish Lira|lira turca
TTD2Trinidad & Tobago Dollar|dólar de Trinidad y Tobago
TVD2Tuvaluan Dollar|dólar tuvaluano
TWD2New Taiwan Dollar|nuevo dólar taiwanés
TZS2Tanzanian Shilling|chelín tanzano
UAH2Ukrainian Hryvnia|grivna ucraniana
UGX0Ugandan Shilling|chelín ugandés
USD2US Dollar|dólar estadounidense
UYU2Uruguayan Peso|peso uruguayo
UZS2Uzbekistani Som|som uzbeko
VES2Venezuelan Bolívar|bolívar venezolano
VND0Vietnamese Dong|dong vietnamita
VUV0Vanuatu Vatu|vatu vanuatense
WST2Samoan Tala|tala samoano
XAF0Central African CFA Franc|franco CFA de África Central
XCD2East Caribbean Dollar|dólar del Caribe Oriental
XCG2Caribbean guilder|florín caribeño
XDR2Special Drawing Rights|derechos especiales de giro
XOF0West African CFA Franc|franco CFA de África Occidental
XPF0CFP Franc|franco CFP
YER2Yemeni Rial|rial yemení
ZAR2South African Rand|rand sudafricano
ZMW2Zambian Kwacha|kwacha zambiano
ZWG2Zimbabwean Gold|oro zimbabuense
ZWL2Zimbabwean Dollar (2009–2024)|dólar zimbabuense
`;

let byCode: Map<string, Currency> | undefined;

/** What is known of a currency; undefined for a code that no provider serves. */
export function findCurrency(code: string): Currency | undefined {
  // Read on first use: many isolates never need it.
  byCode ??= new Map(
    TABLE.trim()
      .split("\n")
      .map(read)
      .map((currency) => [currency.code, currency]),
  );
  return byCode.get(code);
}

/** The same of a code that is served. */
export function describeCurrency(code: string): Currency {
  return findCurrency(code) ?? { code, name: { en: code, es: code }, minorUnits: 2 };
}

/** Digits after the point in amounts of a currency. */
export function minorUnitsOf(code: string): number {
  return describeCurrency(code).minorUnits;
}

/** All codes, sorted. */
export function currencyCodes(): string[] {
  findCurrency("");
  return [...(byCode?.keys() ?? [])];
}

function read(row: string): Currency {
  const [en = "", es = ""] = row.slice(4).split("|");
  return { code: row.slice(0, 3), name: { en, es }, minorUnits: Number(row[3]) };
}
