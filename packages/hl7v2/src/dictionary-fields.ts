/**
 * Fields of the segments that hospital messages are made of: data type, then name, in the order
 * of their numbers from 1. Source: HL7 v2.5.1 chapters 2, 3, 4, 6 and 7 (attribute tables).
 */
export const SEGMENT_FIELDS = {
  MSH: `
ST Field separator | ST Encoding characters | HD Sending application | HD Sending facility
| HD Receiving application | HD Receiving facility | TS Date/time of message | ST Security
| MSG Message type | ST Message control ID | PT Processing ID | VID Version ID
| NM Sequence number | ST Continuation pointer | ID Accept acknowledgement type
| ID Application acknowledgement type | ID Country code | ID Character set
| CE Principal language of message | ID Alternate character set handling scheme
| EI Message profile identifier`,
  EVN: `
ID Event type code | TS Recorded date/time | TS Date/time planned event | IS Event reason code
| XCN Operator ID | TS Event occurred | HD Event facility`,
  PID: `
SI Set ID | CX Patient ID | CX Patient identifier list | CX Alternate patient ID
| XPN Patient name | XPN Mother's maiden name | TS Date/time of birth | IS Administrative sex
| XPN Patient alias | CE Race | XAD Patient address | IS County code | XTN Phone number, home
| XTN Phone number, business | CE Primary language | CE Marital status | CE Religion
| CX Patient account number | ST SSN number | DLN Driver's licence number
| CX Mother's identifier | CE Ethnic group | ST Birth place | ID Multiple birth indicator
| NM Birth order | CE Citizenship | CE Veterans military status | CE Nationality
| TS Patient death date and time | ID Patient death indicator | ID Identity unknown indicator
| IS Identity reliability code | TS Last update date/time | HD Last update facility
| CE Species code | CE Breed code | ST Strain | CE Production class code
| CWE Tribal citizenship`,
  PD1: `
IS Living dependency | IS Living arrangement | XON Patient primary facility
| XCN Patient primary care provider | IS Student indicator | IS Handicap | IS Living will code
| IS Organ donor code | ID Separate bill | CX Duplicate patient | CE Publicity code
| ID Protection indicator | DT Protection indicator effective date | XON Place of worship
| CE Advance directive code | IS Immunisation registry status
| DT Immunisation registry status effective date | DT Publicity code effective date
| IS Military branch | IS Military rank or grade | IS Military status`,
  NK1: `
SI Set ID | XPN Name | CE Relationship | XAD Address | XTN Phone number
| XTN Business phone number | CE Contact role | DT Start date | DT End date | ST Job title
| JCC Job code or class | CX Employee number | XON Organisation name | CE Marital status
| IS Administrative sex | TS Date/time of birth | IS Living dependency | IS Ambulatory status
| CE Citizenship | CE Primary language | IS Living arrangement | CE Publicity code
| ID Protection indicator | IS Student indicator | CE Religion | XPN Mother's maiden name
| CE Nationality | CE Ethnic group | CE Contact reason | XPN Contact person's name
| XTN Contact person's telephone number | XAD Contact person's address
| CX Associated party's identifiers | IS Job status | CE Race | IS Handicap
| ST Contact person's SSN number | ST Birth place | IS VIP indicator`,
  PV1: `
SI Set ID | IS Patient class | PL Assigned patient location | IS Admission type
| CX Preadmit number | PL Prior patient location | XCN Attending doctor | XCN Referring doctor
| XCN Consulting doctor | IS Hospital service | PL Temporary location | IS Preadmit test indicator
| IS Re-admission indicator | IS Admit source | IS Ambulatory status | IS VIP indicator
| XCN Admitting doctor | IS Patient type | CX Visit number | FC Financial class
| IS Charge price indicator | IS Courtesy code | IS Credit rating | IS Contract code
| DT Contract effective date | NM Contract amount | NM Contract period | IS Interest code
| IS Transfer to bad debt code | DT Transfer to bad debt date | IS Bad debt agency code
| NM Bad debt transfer amount | NM Bad debt recovery amount | IS Delete account indicator
| DT Delete account date | IS Discharge disposition | DLD Discharged to location | CE Diet type
| IS Servicing facility | IS Bed status | IS Account status | PL Pending location
| PL Prior temporary location | TS Admit date/time | TS Discharge date/time
| NM Current patient balance | NM Total charges | NM Total adjustments | NM Total payments
| CX Alternate visit ID | IS Visit indicator | XCN Other healthcare provider`,
  PV2: `
PL Prior pending location | CE Accommodation code | CE Admit reason | CE Transfer reason
| ST Patient valuables | ST Patient valuables location | IS Visit user code
| TS Expected admit date/time | TS Expected discharge date/time
| NM Estimated length of inpatient stay | NM Actual length of inpatient stay
| ST Visit description | XCN Referral source code | DT Previous service date
| ID Employment illness related indicator | IS Purge status code | DT Purge status date
| IS Special program code | ID Retention indicator | NM Expected number of insurance plans
| IS Visit publicity code | ID Visit protection indicator | XON Clinic organisation name
| IS Patient status code | IS Visit priority code | DT Previous treatment date
| IS Expected discharge disposition | DT Signature on file date | DT First similar illness date
| CE Patient charge adjustment code | IS Recurring service code | ID Billing media code
| TS Expected surgery date and time | ID Military partnership code
| ID Military non-availability code | ID Newborn baby indicator | ID Baby detained indicator
| CE Mode of arrival code | CE Recreational drug use code | CE Admission level of care code
| CE Precaution code | CE Patient condition code | IS Living will code | IS Organ donor code
| CE Advance directive code | DT Patient status effective date
| TS Expected leave of absence return date/time | TS Expected pre-admission testing date/time
| IS Notify clergy code`,
  MRG: `
CX Prior patient identifier list | CX Prior alternate patient ID | CX Prior patient account number
| CX Prior patient ID | CX Prior visit number | CX Prior alternate visit ID
| XPN Prior patient name`,
  ORC: `
ID Order control | EI Placer order number | EI Filler order number | EI Placer group number
| ID Order status | ID Response flag | TQ Quantity/timing | EIP Parent order
| TS Date/time of transaction | XCN Entered by | XCN Verified by | XCN Ordering provider
| PL Enterer's location | XTN Call back phone number | TS Order effective date/time
| CE Order control code reason | CE Entering organisation | CE Entering device | XCN Action by
| CE Advanced beneficiary notice code | XON Ordering facility name
| XAD Ordering facility address | XTN Ordering facility phone number
| XAD Ordering provider address | CWE Order status modifier
| CWE Advanced beneficiary notice override reason
| TS Filler's expected availability date/time | CWE Confidentiality code | CWE Order type
| CNE Enterer authorisation mode | CWE Parent universal service identifier`,
  OBR: `
SI Set ID | EI Placer order number | EI Filler order number | CE Universal service identifier
| ID Priority | TS Requested date/time | TS Observation date/time | TS Observation end date/time
| CQ Collection volume | XCN Collector identifier | ID Specimen action code | CE Danger code
| ST Relevant clinical information | TS Specimen received date/time | SPS Specimen source
| XCN Ordering provider | XTN Order callback phone number | ST Placer field 1
| ST Placer field 2 | ST Filler field 1 | ST Filler field 2
| TS Results report/status change date/time | MOC Charge to practice
| ID Diagnostic service section ID | ID Result status | PRL Parent result | TQ Quantity/timing
| XCN Result copies to | EIP Parent number | ID Transportation mode | CE Reason for study
| NDL Principal result interpreter | NDL Assistant result interpreter | NDL Technician
| NDL Transcriptionist | TS Scheduled date/time | NM Number of sample containers
| CE Transport logistics of collected sample | CE Collector's comment
| CE Transport arrangement responsibility | ID Transport arranged | ID Escort required
| CE Planned patient transport comment | CE Procedure code | CE Procedure code modifier
| CE Placer supplemental service information | CE Filler supplemental service information
| CWE Medically necessary duplicate procedure reason | IS Result handling
| CWE Parent universal service identifier`,
  OBX: `
SI Set ID | ID Value type | CE Observation identifier | ST Observation sub-ID
| * Observation value | CE Units | ST References range | IS Abnormal flags | NM Probability
| ID Nature of abnormal test | ID Observation result status
| TS Effective date of reference range | ST User defined access checks
| TS Date/time of the observation | CE Producer's ID | XCN Responsible observer
| CE Observation method | EI Equipment instance identifier | TS Date/time of the analysis
| ST Reserved | ST Reserved | ST Reserved | XON Performing organisation name
| XAD Performing organisation address | XCN Performing organisation medical director`,
  NTE: `SI Set ID | ID Source of comment | FT Comment | CE Comment type`,
  MSA: `
ID Acknowledgement code | ST Message control ID | ST Text message | NM Expected sequence number
| ID Delayed acknowledgement type | CE Error condition`,
  ERR: `
ELD Error code and location | ERL Error location | CWE HL7 error code | ID Severity
| CWE Application error code | ST Application error parameter | TX Diagnostic information
| TX User message | IS Inform person indicator | CWE Override type | CWE Override reason code
| XTN Help desk contact point`,
  AL1: `
SI Set ID | CE Allergen type code | CE Allergen code, mnemonic or description
| CE Allergy severity code | ST Allergy reaction code | DT Identification date`,
  DG1: `
SI Set ID | ID Diagnosis coding method | CE Diagnosis code | ST Diagnosis description
| TS Diagnosis date/time | IS Diagnosis type | CE Major diagnostic category
| CE Diagnostic related group | ID DRG approval indicator | IS DRG grouper review code
| CE Outlier type | NM Outlier days | CP Outlier cost | ST Grouper version and type
| ID Diagnosis priority | XCN Diagnosing clinician | IS Diagnosis classification
| ID Confidential indicator | TS Attestation date/time | EI Diagnosis identifier
| ID Diagnosis action code`,
  PR1: `
SI Set ID | IS Procedure coding method | CE Procedure code | ST Procedure description
| TS Procedure date/time | IS Procedure functional type | NM Procedure minutes
| XCN Anaesthetist | IS Anaesthesia code | NM Anaesthesia minutes | XCN Surgeon
| XCN Procedure practitioner | CE Consent code | ID Procedure priority
| CE Associated diagnosis code | CE Procedure code modifier | IS Procedure DRG type
| CE Tissue type code | EI Procedure identifier | ID Procedure action code`,
} as const
