import type { Dictionary } from '../en.js';

export default {
  Cerrar: 'Close',
  Cancelar: 'Cancel',
  Guardar: 'Save',
  Reintentar: 'Try again',
  Deshacer: 'Undo',
  Mensajes: 'Messages',
  '{0} de {1}': '{0} of {1}',
  'No se ha podido abrir.': 'It could not be opened.',
  'Cerrar mensaje': 'Close message',
  'Algo ha fallado en esta página.': 'Something went wrong on this page.',
  'El servicio no responde.': 'The service does not answer.',
  'No hay conexión.': 'There is no connection.',
  'La sesión ha caducado. Vuelve a entrar.': 'The session has expired. Please sign in again.',
  'No tienes permiso para esto.': 'You are not allowed to do this.',
  'Ya no existe, o no está a tu alcance.': 'It no longer exists, or you may not see it.',
  'Alguien lo ha cambiado entretanto.': 'Someone has changed it in the meantime.',
  'El archivo es demasiado grande.': 'The file is too large.',
  'Este tipo de archivo no se acepta aquí, o su contenido no es lo que dice su nombre.':
    'This type of file is not accepted here, or its content is not what its name says.',
  'El archivo está vacío, dañado o no se puede abrir.': 'The file is empty, damaged or cannot be opened.',
  'Esa fecha de captura no puede ser.': 'That capture date cannot be.',
  'Demasiadas peticiones seguidas. Espera un momento.': 'Too many requests. Wait a moment.',
  'El servicio está ocupado o en mantenimiento.': 'The service is busy or under maintenance.',
  'El servicio ha respondido con el error {0}.': 'The service answered with error {0}.',
  'Tarda más de lo normal. Seguimos intentándolo.': 'This is taking longer than usual. Still trying.',
} satisfies Dictionary;
