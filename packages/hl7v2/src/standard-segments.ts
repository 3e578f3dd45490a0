/** The segments that HL7 v2 defines, with their titles. Source: HL7 v2.1 to v2.9, appendix A. */
const TITLES = `
ABS Abstract
ACC Accident
ADD Addendum
ADJ Adjustment
AFF Professional affiliation
AIG Appointment, general resource
AIL Appointment, location resource
AIP Appointment, personnel resource
AIS Appointment, service
AL1 Patient allergy information
APR Appointment preferences
ARQ Appointment request
ARV Access restriction
AUT Authorisation information
BHS Batch header
BLC Blood code
BLG Billing
BPO Blood product order
BPX Blood product dispense status
BTS Batch trailer
BTX Blood product transfusion or disposition
BUI Blood unit information
CDM Charge description master
CDO Cumulative dosage
CER Certificate detail
CM0 Clinical study master
CM1 Clinical study phase master
CM2 Clinical study schedule master
CNS Clear notification
CON Consent
CSP Clinical study phase
CSR Clinical study registration
CSS Clinical study data schedule
CTD Contact data
CTI Clinical trial identification
CTR Contract master outbound
DB1 Disability
DEV Device
DG1 Diagnosis
DMI DRG master file information
DON Donation
DPS Diagnosis and procedure code
DRG Diagnosis related group
DSC Continuation pointer
DSP Display data
DST Transport destination
ECD Equipment command
ECR Equipment command response
EDU Educational detail
EQL Embedded query language
EQP Equipment log or service
EQU Equipment detail
ERQ Event replay query
ERR Error
EVN Event type
FAC Facility
FHS File header
FT1 Financial transaction
FTS File trailer
GOL Goal detail
GP1 Grouping or reimbursement, visit
GP2 Grouping or reimbursement, procedure line item
GT1 Guarantor
IAM Patient adverse reaction information
IAR Allergy reaction
IIM Inventory item master
ILT Material lot
IN1 Insurance
IN2 Insurance, additional information
IN3 Insurance, certification
INV Inventory detail
IPC Imaging procedure control
IPR Invoice processing results
ISD Interaction status detail
ITM Material item
IVC Invoice
IVT Material location
LAN Language detail
LCC Location charge code
LCH Location characteristic
LDP Location department
LOC Location identification
LRL Location relationship
MCP Master file coverage
MFA Master file acknowledgement
MFE Master file entry
MFI Master file identification
MRG Merge patient information
MSA Message acknowledgement
MSH Message header
NCK System clock
NDS Notification detail
NK1 Next of kin and associated parties
NPU Bed status update
NSC Application status change
NST Application control level statistics
NTE Notes and comments
OBR Observation request
OBX Observation or result
ODS Dietary orders, supplements and preferences
ODT Diet tray instructions
OH1 Employment status
OH2 Past or present job
OH3 Usual work
OH4 Combat zone work
OM1 Observation, general
OM2 Observation, numeric
OM3 Observation, categorical
OM4 Observation that requires specimens
OM5 Observation battery
OM6 Observation calculated from others
OM7 Observation, additional attributes
OMC Supporting clinical information
ORC Common order
ORG Practitioner organisation unit
ORO Order, other
OVR Override
PAC Shipment package
PCE Patient charge cost centre exceptions
PCR Possible causal relationship
PD1 Patient additional demographic
PDA Patient death and autopsy
PDC Product detail country
PEO Product experience observation
PES Product experience sender
PID Patient identification
PKG Item packaging
PM1 Payer master file
PMT Payment information
PR1 Procedures
PRA Practitioner detail
PRB Problem details
PRC Pricing
PRD Provider data
PRT Participation information
PSG Product or service group
PSH Product summary header
PSL Product or service line item
PSS Product or service section
PTH Pathway
PV1 Patient visit
PV2 Patient visit, additional information
PYE Payee information
QAK Query acknowledgement
QID Query identification
QPD Query parameter definition
QRD Query definition, original style
QRF Query filter, original style
QRI Query response instance
RCP Response control parameter
RDF Table row definition
RDT Table row data
REL Clinical relationship
RF1 Referral information
RFI Request for information
RGS Resource group
RMI Risk management incident
ROL Role
RQ1 Requisition detail 1
RQD Requisition detail
RX1 Pharmacy order
RXA Pharmacy or treatment administration
RXC Pharmacy or treatment component order
RXD Pharmacy or treatment dispense
RXE Pharmacy or treatment encoded order
RXG Pharmacy or treatment give
RXO Pharmacy or treatment order
RXR Pharmacy or treatment route
RXV Pharmacy or treatment infusion
SAC Specimen container detail
SCD Anti-microbial cycle data
SCH Scheduling activity information
SCP Steriliser configuration
SDD Sterilisation device data
SFT Software
SGH Segment group header
SGT Segment group trailer
SHP Shipment
SID Substance identifier
SLT Sterilisation lot
SPM Specimen
SPR Stored procedure request definition
STF Staff identification
STZ Sterilisation parameter
TCC Test code configuration
TCD Test code detail
TQ1 Timing and quantity
TQ2 Timing and quantity relationship
TXA Transcription document header
UAC User authentication credential
UB1 Uniform billing 1982
UB2 Uniform billing 1992
URD Results or update definition
URS Unsolicited selection
VAR Variance
VND Purchasing vendor
VTQ Virtual table query request`

/** Title of each standard segment by its name. */
export const STANDARD_SEGMENTS: ReadonlyMap<string, string> = new Map(
  TITLES.trim()
    .split('\n')
    .map((line) => [line.slice(0, 3), line.slice(4)]),
)
