/** Messages of an invented hospital, with invented people, for tests of the desk. */

export const ADMISSION = [
  'MSH|^~\\&|PAS|RVR01|ALMONER|RVR01|20261122140107||ADT^A01^ADT_A01|PAS00048213|P|2.4|||AL|NE||8859/1',
  'EVN|A01|20261122140059||||20261122135500',
  "PID|1||9000000009^^^NHS^NH~R4471902^^^RVR^MR||ASHWORTH-O'NEILL^Margaret^Rose^^Mrs||19480317|F|||14 Mill Lane^Flat 2^Riverbridge^^RB4 7QT^GBR||01632960471^PRN^PH~^NET^Internet^m.ashworth@example.com|||W|C22||||||||||||N",
  'NK1|1|ASHWORTH^Daniel|SON|||01632960118^PRN^PH',
  'PV1|1|I|W07^B2^04^RVR01^^BED|22|||C4418273^Okonkwo^Adaeze^^^Dr^^^GMC|||110||||19|||C4418273^Okonkwo^Adaeze^^^Dr^^^GMC|01|V0099124^^^RVR^VN|||||||||||||||||||||||||20261122135500',
  'PV2|||^Chest pain \\T\\ breathlessness|||||||20261124',
  'AL1|1|DA|^Penicillin|SV|Anaphylaxis 2009',
  'ZU1|20261122|RVR-LOCAL|2|Patient has a learning disability passport',
].join('\r')

export const RESULT = [
  'MSH|^~\\&|LIMS|PATH|ALMONER|RVR01|20261122135841||ORU^R01^ORU_R01|LAB771204|P|2.5.1|||AL|NE||UNICODE UTF-8',
  'PID|1||9000000017^^^NHS^NH||Brâncuși^Ioana^^^Ms||19910802|F',
  'OBR|1|RQ55102^PAS|L26-118203^LIMS|26958001^Liver function test^SCT|||20261122091500|||||||||C3390021^Marsh^Philip^^^Dr||||||20261122135800||CH|F',
  'OBX|1|NM|1000671000000108^Alanine transaminase^SCT||61|U/L^^UCUM|10-49|H|||F|||20261122131000',
  'OBX|2|NM|1000621000000104^Alkaline phosphatase^SCT||88|U/L^^UCUM|30-130|N|||F|||20261122131000',
  'OBX|3|FT|365691004^Comment^SCT||Sample slightly haemolysed.\\.br\\Repeat if clinically indicated.||||||F',
].join('\r')

export const TRANSFER = [
  'MSH|^~\\&|PAS|RVR01|ALMONER|RVR01|20261122135622||ADT^A02^ADT_A02|PAS00048212|P|2.4',
  'PID|1||R4469001^^^RVR^MR||Whitcombe^George||19350614|M',
  'PV1|1|I|W02^B1^11||||||||||||||||V0099101^^^RVR^VN',
].join('\r')

/** As a sender that closed the wrong line would send it: no header. */
export const HEADLESS = 'PID|1||9000000025^^^NHS^NH||Nobody^Known\rPV1|1|O'

export const ACKNOWLEDGEMENT =
  'MSH|^~\\&|ALMONER|RVR01|PAS|RVR01|20261122140107||ACK^A01^ACK|01932f7c|P|2.4\rMSA|AA|PAS00048213'

export const REFUSAL = [
  'MSH|^~\\&|EPR|RVR01|ALMONER|RVR01|20261122140108||ACK^A01^ACK|EPR1182|P|2.4',
  'MSA|AE|PAS00048213|Ward W07 is not known here',
  'ERR|PV1^1^3^204^Unknown key identifier',
].join('\r')
