/**
 * Components of the data types: data type, then name, in the order of their numbers from 1. A
 * data type that is not here has one component. Source: HL7 v2.5.1 chapter 2.16.
 */
export const TYPE_COMPONENTS = {
  CE: `
ST Identifier | ST Text | ID Name of coding system | ST Alternate identifier | ST Alternate text
| ID Name of alternate coding system`,
  CNE: `
ST Identifier | ST Text | ID Name of coding system | ST Alternate identifier | ST Alternate text
| ID Name of alternate coding system | ST Coding system version ID
| ST Alternate coding system version ID | ST Original text`,
  CWE: `
ST Identifier | ST Text | ID Name of coding system | ST Alternate identifier | ST Alternate text
| ID Name of alternate coding system | ST Coding system version ID
| ST Alternate coding system version ID | ST Original text`,
  CP: `MO Price | ID Price type | NM From value | NM To value | CE Range units | ID Range type`,
  CQ: `NM Quantity | CE Units`,
  CX: `
ST ID number | ST Check digit | ID Check digit scheme | HD Assigning authority
| ID Identifier type code | HD Assigning facility | DT Effective date | DT Expiration date
| CWE Assigning jurisdiction | CWE Assigning agency or department`,
  DLD: `IS Discharge location | TS Effective date`,
  DLN: `ST Licence number | IS Issuing state, province or country | DT Expiration date`,
  DR: `TS Range start date/time | TS Range end date/time`,
  ED: `HD Source application | ID Type of data | ID Data subtype | ID Encoding | TX Data`,
  EI: `ST Entity identifier | IS Namespace ID | ST Universal ID | ID Universal ID type`,
  EIP: `EI Placer assigned identifier | EI Filler assigned identifier`,
  ELD: `
ST Segment ID | NM Segment sequence | NM Field position | CE Code identifying error`,
  ERL: `
ST Segment ID | NM Segment sequence | NM Field position | NM Field repetition
| NM Component number | NM Subcomponent number`,
  FC: `IS Financial class code | TS Effective date`,
  FN: `
ST Surname | ST Own surname prefix | ST Own surname | ST Surname prefix from partner
| ST Surname from partner`,
  HD: `IS Namespace ID | ST Universal ID | ID Universal ID type`,
  JCC: `IS Job code | IS Job class | TX Job description text`,
  MO: `NM Quantity | ID Denomination`,
  MOC: `MO Monetary amount | CE Charge code`,
  MSG: `ID Message code | ID Trigger event | ID Message structure`,
  NDL: `
CNN Name | TS Start date/time | TS End date/time | IS Point of care | IS Room | IS Bed
| HD Facility | IS Location status | IS Patient location type | IS Building | IS Floor`,
  CNN: `
ST ID number | ST Family name | ST Given name | ST Second and further given names | ST Suffix
| ST Prefix | IS Degree | IS Source table | IS Assigning authority namespace ID
| ST Assigning authority universal ID | ID Assigning authority universal ID type`,
  OSD: `
ID Sequence/results flag | ST Placer order entity identifier | IS Placer order namespace ID
| ST Filler order entity identifier | IS Filler order namespace ID | ST Sequence condition value
| NM Maximum number of repeats | ST Placer order universal ID | ID Placer order universal ID type
| ST Filler order universal ID | ID Filler order universal ID type`,
  PL: `
IS Point of care | IS Room | IS Bed | HD Facility | IS Location status | IS Person location type
| IS Building | IS Floor | ST Location description | EI Comprehensive location identifier
| HD Assigning authority for location`,
  PRL: `
CE Parent observation identifier | ST Parent observation sub-identifier
| TX Parent observation value descriptor`,
  PT: `ID Processing ID | ID Processing mode`,
  RI: `IS Repeat pattern | ST Explicit time interval`,
  RP: `ST Pointer | HD Application ID | ID Type of data | ID Subtype`,
  SAD: `ST Street or mailing address | ST Street name | ST Dwelling number`,
  SN: `ST Comparator | NM Number 1 | ST Separator or suffix | NM Number 2`,
  SPS: `
CWE Specimen source name or code | CWE Additives | TX Specimen collection method | CWE Body site
| CWE Site modifier | CWE Collection method modifier code | CWE Specimen role`,
  TQ: `
CQ Quantity | RI Interval | ST Duration | TS Start date/time | TS End date/time | ST Priority
| ST Condition | TX Text | ID Conjunction | OSD Order sequencing | CE Occurrence duration
| NM Total occurrences`,
  TS: `DTM Time | ID Degree of precision`,
  VID: `ID Version ID | CE Internationalisation code | CE International version ID`,
  XAD: `
SAD Street address | ST Other designation | ST City | ST State or province | ST Postal code
| ID Country | ID Address type | ST Other geographic designation | IS County or parish code
| IS Census tract | ID Address representation code | DR Address validity range
| TS Effective date | TS Expiration date`,
  XCN: `
ST ID number | FN Family name | ST Given name | ST Second and further given names | ST Suffix
| ST Prefix | IS Degree | IS Source table | HD Assigning authority | ID Name type code
| ST Identifier check digit | ID Check digit scheme | ID Identifier type code
| HD Assigning facility | ID Name representation code | CE Name context | DR Name validity range
| ID Name assembly order | TS Effective date | TS Expiration date | ST Professional suffix
| CWE Assigning jurisdiction | CWE Assigning agency or department`,
  XON: `
ST Organisation name | IS Organisation name type code | NM ID number | NM Check digit
| ID Check digit scheme | HD Assigning authority | ID Identifier type code
| HD Assigning facility | ID Name representation code | ST Organisation identifier`,
  XPN: `
FN Family name | ST Given name | ST Second and further given names | ST Suffix | ST Prefix
| IS Degree | ID Name type code | ID Name representation code | CE Name context
| DR Name validity range | ID Name assembly order | TS Effective date | TS Expiration date
| ST Professional suffix`,
  XTN: `
ST Telephone number | ID Telecommunication use code | ID Telecommunication equipment type
| ST Email address | NM Country code | NM Area or city code | NM Local number | NM Extension
| ST Any text | ST Extension prefix | ST Speed dial code | ST Unformatted telephone number`,
} as const
