import { msg } from '../src/i18n/index.js';

/** What was done, for those who do not know the names of events and operations; the name itself where it says enough. */
export function actionName(action: string): string {
  const [thing, did = ''] = action.split('.');
  if (did) return changeName(thing ?? '', did) ?? action;
  return readName(action) ?? action;
}

function changeName(thing: string, did: string): string | undefined {
  switch (`${thing}.${did}`) {
    case 'media.photo_uploaded':
      return msg('Foto subida');
    case 'document.read':
      return msg('Documento visto');
    case 'document.archived':
      return msg('Documento archivado');
    case 'document.unarchived':
      return msg('Documento desarchivado');
    case 'document.uploaded':
      return msg('Documento subido');
    case 'document.revised':
      return msg('Datos cambiados');
    case 'document.trashed':
      return msg('Movido a la papelera');
    case 'document.restored':
      return msg('Recuperado de la papelera');
    case 'document.moved':
      return msg('Movido a otro paciente');
    case 'document.purged':
      return msg('Eliminado del todo');
    case 'document.quarantined':
      return msg('Puesto en cuarentena');
    case 'media.attachment_linked':
      return msg('Adjuntado');
    case 'media.attachment_unlinked':
      return msg('Quitado de un registro');
    case 'media.attachment_revised':
      return msg('Adjunto cambiado');
    case 'media.attachments_reordered':
      return msg('Adjuntos ordenados');
    case 'media.pair_created':
      return msg('Pareja hecha');
    case 'media.pair_removed':
      return msg('Pareja deshecha');
    case 'note.created':
      return msg('Nota escrita');
    case 'note.updated':
      return msg('Nota cambiada');
    case 'note.deleted':
      return msg('Nota eliminada');
    case 'patient.registered':
      return msg('Paciente registrado');
    case 'patient.archived':
      return msg('Paciente archivado');
    case 'patient.unarchived':
      return msg('Paciente desarchivado');
    case 'patient.hold_placed':
      return msg('Bloqueo puesto');
    case 'patient.hold_released':
      return msg('Bloqueo quitado');
    case 'patient.access_granted':
      return msg('Acceso concedido');
    case 'patient.access_revoked':
      return msg('Acceso retirado');
    case 'owner.registered':
      return msg('Registro apuntado');
    case 'owner.deleted':
      return msg('Registro eliminado');
    default:
      return undefined;
  }
}

function readName(action: string): string | undefined {
  switch (action) {
    case 'listPhotos':
      return msg('Galería vista');
    case 'listDocuments':
      return msg('Documentos vistos');
    case 'getDocument':
    case 'getFile':
      return msg('Datos vistos');
    case 'downloadDocument':
    case 'downloadFile':
      return msg('Archivo descargado');
    case 'viewFile':
      return msg('Archivo visto');
    case 'zipFiles':
    case 'zipRecord':
      return msg('ZIP descargado');
    case 'exportPatient':
      return msg('Paciente exportado');
    case 'listAttachments':
    case 'listFiles':
      return msg('Adjuntos vistos');
    case 'listNotes':
    case 'recentNotes':
      return msg('Notas vistas');
    case 'showTimeline':
      return msg('Cronología vista');
    case 'searchPatients':
      return msg('Pacientes buscados');
    case 'getPatient':
      return msg('Ficha abierta');
    case 'listOwners':
    case 'getOwner':
      return msg('Registros vistos');
    case 'listTrash':
      return msg('Papelera vista');
    case 'readAudit':
      return msg('Auditoría vista');
    case 'signIn':
      return msg('Sesión iniciada');
    case 'signOut':
      return msg('Sesión cerrada');
    default:
      return undefined;
  }
}
