/**
 * URIs of UK Core and NHS identifier and code systems.
 * Source: UK Core STU 2 definitions (package UKCore.R4.STU.02.00.00); NHS England API catalogue
 * for practitioner numbers.
 */

export const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number'
export const ODS_ORGANISATION = 'https://fhir.nhs.uk/Id/ods-organization-code'
export const ODS_SITE = 'https://fhir.nhs.uk/Id/ods-site-code'
/** Consultant code: C and the GMC reference number. */
export const CONSULTANT_CODE = 'https://fhir.hl7.org.uk/Id/consultant-code'
export const GMC_NUMBER = 'https://fhir.hl7.org.uk/Id/gmc-number'
/** General medical practitioner code: G and seven digits. */
export const GMP_NUMBER = 'https://fhir.hl7.org.uk/Id/gmp-number'
/** Community Health Index, Scotland: the NHS gives it an OID and no URL. */
export const CHI_NUMBER = 'urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53'
export const NHS_NUMBER_OID = '2.16.840.1.113883.2.1.4.1'

const UK_CODES = 'https://fhir.hl7.org.uk/CodeSystem/'
export const UK_ETHNIC_CATEGORY = `${UK_CODES}UKCore-EthnicCategoryEngland`
export const UK_NHS_NUMBER_STATUS = `${UK_CODES}UKCore-NHSNumberVerificationStatusEngland`
export const UK_ADMISSION_METHOD = `${UK_CODES}UKCore-AdmissionMethodEngland`
export const UK_SOURCE_OF_ADMISSION = `${UK_CODES}UKCore-SourceOfAdmissionEngland`
export const UK_DISCHARGE_METHOD = `${UK_CODES}UKCore-DischargeMethodEngland`
export const UK_DISCHARGE_DESTINATION = `${UK_CODES}UKCore-DischargeDestinationEngland`
export const UK_MARITAL_STATUS = `${UK_CODES}UKCore-PersonMaritalStatusEngland`
export const UK_PRACTICE_SETTING = `${UK_CODES}UKCore-PracticeSettingCode`
export const UK_PERSON_RELATIONSHIP = `${UK_CODES}UKCore-AdditionalPersonRelationshipRole`

const UK_STRUCTURES = 'https://fhir.hl7.org.uk/StructureDefinition/'
export const ukProfile = (name: string): string => `${UK_STRUCTURES}UKCore-${name}`
export const ukExtension = (name: string): string => `${UK_STRUCTURES}Extension-UKCore-${name}`

export const v2Table = (table: string): string =>
  `http://terminology.hl7.org/CodeSystem/v2-${table}`
export const v3Codes = (name: string): string => `http://terminology.hl7.org/CodeSystem/v3-${name}`
export const r4Extension = (name: string): string =>
  `http://hl7.org/fhir/StructureDefinition/${name}`
